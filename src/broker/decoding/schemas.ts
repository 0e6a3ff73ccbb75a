/** What is loaded when the first schema is chosen: `dist/schemas.cjs`. */
export { openAvro as avro } from './avro.ts';
export { openProtobuf as protobuf } from './protobuf.ts';
