import type { BodyReader } from '../../src/broker/decoding/bodyReader.ts';
import { Decoders } from '../../src/broker/decoding/decoders.ts';

/** Reads bodies by their types and looks, as where nobody has chosen a decoder. */
export const plainBodies: BodyReader = new Decoders(() => new Map()).reader(() => undefined);
