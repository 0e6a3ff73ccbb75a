import { readdir, readFile, readlink } from 'node:fs/promises';

/** The id of the process that has the TCP connection from this local port. Linux only. */
export async function ownerOf(localPort: number): Promise<number> {
  const inode = await inodeOf(localPort);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
    if (links.includes(`socket:[${inode}]`)) return Number(pid);
  }
  throw new Error(`No process has a connection from port ${localPort}`);
}

/** The local address is the second field, the inode the tenth. @see proc(5) */
async function inodeOf(localPort: number): Promise<string> {
  const suffix = `:${localPort.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const rows = (await readFile(table, 'utf8')).split('\n').map((row) => row.trim().split(/\s+/));
    const inode = rows.find((fields) => fields[1]?.endsWith(suffix))?.[9];
    if (inode !== undefined) return inode;
  }
  throw new Error(`There is no connection from port ${localPort}`);
}
