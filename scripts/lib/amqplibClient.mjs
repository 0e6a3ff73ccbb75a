// What a client needs of amqplib. Its generated codec writes and reads every method in both directions, which is a
// third of our bundle; and its own recovery is never asked for, because Warren reconnects by itself.
import { readFile } from 'node:fs/promises';

/** Methods that only a server sends, and those that both sides do. AMQP 0-9-1 and RabbitMQ's extensions. */
const SERVER_ONLY =
  /^(Connection(Start|Secure|Tune|OpenOk|Blocked|Unblocked|UpdateSecretOk)|ChannelOpenOk|(Exchange|Queue|Tx)\w+Ok|Basic(QosOk|ConsumeOk|Return|Deliver|GetOk|GetEmpty|RecoverOk)|ConfirmSelectOk|AccessRequestOk)$/;
const BOTH =
  /^(Connection(Close|CloseOk)|Channel(Close|CloseOk|Flow|FlowOk)|Basic(Cancel|CancelOk|Ack|Nack|Properties))$/;

/** Methods that amqplib itself never sends: transactions, and what RabbitMQ does not have. */
const NEITHER = /^(Tx\w+|AccessRequest(Ok)?|BasicRecoverAsync)$/;

/** So many functions of the codec go, in the amqplib that this was written for. */
const EXPECTED = 65;

/** @type {import('esbuild').Plugin} */
export const amqplibClient = {
  name: 'amqplib-client',
  setup(build) {
    build.onLoad({ filter: /amqplib[\\/]lib[\\/]defs\.js$/ }, async ({ path }) => {
      let dropped = 0;
      const text = await readFile(path, 'utf8');
      const contents = text.replaceAll(
        /^function (encode|decode)(\w+)\([\s\S]*?^\}\n/gm,
        (whole, /** @type {string} */ direction, /** @type {string} */ method) => {
          const isUsed = BOTH.test(method) || SERVER_ONLY.test(method) === (direction === 'decode');
          if (isUsed && !NEITHER.test(method)) return whole;
          dropped++;
          return `function ${direction}${method}() { throw serverSide; }\n`;
        },
      );
      if (dropped !== EXPECTED) {
        return {
          errors: [{ text: `${dropped} functions are not a client's, where ${EXPECTED} were: look at amqplib anew` }],
        };
      }
      return {
        contents: `${contents}\nconst serverSide = new Error('A client neither sends nor reads this method');\n`,
      };
    });
    build.onLoad({ filter: /amqplib[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    build.onLoad({ filter: /amqplib[\\/]lib[\\/]recovery\.js$/ }, () => ({
      contents:
        'exports.splitConnectionOptions = (connectionOptions) => ({ connectionOptions });' +
        'exports.recoveryEnabled = () => false;',
    }));
  },
};
