import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSpool, recordsOf } from '../../testing/open-spool.fixture.ts';
import { NodeSpoolFolder } from './node.spool-folder.ts';

describe('NodeSpoolFolder', () => {
  let path: string;
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'spool-'));
  });
  afterEach(() => rm(path, { recursive: true }));

  it('keeps, overwrites, cuts and removes files', async () => {
    const folder = new NodeSpoolFolder(path);
    const file = await folder.create('a');
    await file.append(Buffer.from('one'));
    await file.append(Buffer.from('two'));
    await file.close();
    await folder.truncate('a', 4);
    const reserved = await folder.reserve('b', 8);
    await reserved.write(2, Buffer.from('first'));
    await reserved.close();
    await (await folder.reserve('b', 10)).close();
    expect([...(await folder.list())].sort()).toEqual(['a', 'b']);
    expect([String(await folder.read('a')), String(await folder.read('b'))]).toEqual([
      'onet',
      '\0\0first\0\0\0',
    ]);
    await expect(folder.create('a')).rejects.toMatchObject({ code: 'EEXIST' });
    await folder.remove('a');
    expect(await folder.list()).toEqual(['b']);
  });

  it('carries a spool from one process to the next', async () => {
    const folder = new NodeSpoolFolder(path);
    const first = await openSpool(folder);
    await first.append(recordsOf(['a', 'b']));
    await first.close();
    const second = await openSpool(new NodeSpoolFolder(path));
    const unit = await second.readUnit(1e6);
    expect(unit?.entries).toHaveLength(1);
    await second.advance(unit!.next);
    await second.close();
    expect(await folder.list()).toEqual(['progress']);
  });
});
