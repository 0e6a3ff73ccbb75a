import assert from 'node:assert/strict';
import { ManagementClient } from '../../../src/broker/management/client.ts';
import type { Alarm } from '../../../src/broker/management/model.ts';
import type { ErrorCode } from '../../../src/common/errors.ts';
import { always, fakeServer } from './fakeServer.ts';

async function alarmsOf(status: number, body: string): Promise<readonly Alarm[]> {
  const server = await fakeServer(always(status, body));
  const client = new ManagementClient({ baseUrl: server.url, credentials: { username: 'ann', password: 'secret' } });
  try {
    return await client.alarms();
  } finally {
    client.dispose();
    await server.close();
  }
}

describe('the alarms that the management API tells of', () => {
  it('are those of a 503, and none where all is well or there is no such check', async () => {
    const failed = '{"status":"failed","reason":"x","alarms":[{"node":"a@b","resource":"memory"}]}';
    assert.deepEqual(await alarmsOf(503, failed), [{ node: 'a@b', resource: 'memory' }]);
    assert.deepEqual(await alarmsOf(200, '{"status":"ok"}'), []);
    assert.deepEqual(await alarmsOf(404, 'Not Found'), []);
  });

  for (const [status, code] of [
    [401, 'managementForbidden'],
    [500, 'managementRejected'],
    [502, 'managementRejected'],
    [503, 'managementBadReply'],
  ] as const satisfies readonly (readonly [number, ErrorCode])[]) {
    it(`are not known after a ${status} from whatever stands between`, async () => {
      await assert.rejects(alarmsOf(status, '<html></html>'), { code });
    });
  }
});
