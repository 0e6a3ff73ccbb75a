// A process of its own that drains a queue to a file, to be killed: AMQP URL, queue, path.
import { Core } from './core.ts';
import { drainTo } from './fileTails.ts';

const [url = '', queue = '', path = ''] = process.argv.slice(2);
const fileTail = await drainTo(await new Core(url).connected(), queue, path);
fileTail.onDidProgress(() => process.stdout.write(`${fileTail.written}\n`));
await fileTail.tail.start();
