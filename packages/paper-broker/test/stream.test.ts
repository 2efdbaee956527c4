import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { gtc, MONDAY, putSpread, QQQ_TRIDENT, type Rig, startRig, until } from './harness.js';

// biome-ignore lint/suspicious/noExplicitAny: raw frames are looked into freely
type Frame = any;

const sockets: WebSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});

async function open(rig: Rig) {
  const socket = new WebSocket(rig.broker.streamerUrl);
  sockets.push(socket);
  const frames: Frame[] = [];
  let closed = false;
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  socket.on('close', () => {
    closed = true;
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    frames,
    isClosed: () => closed,
    send: (message: object) =>
      socket.send(JSON.stringify({ 'auth-token': `Bearer ${rig.token}`, ...message })),
    raw: (text: string) => socket.send(text),
    next: (wanted: (frame: Frame) => boolean): Promise<Frame> => until(() => frames.find(wanted), Boolean),
  };
}

async function connected(rig: Rig) {
  const client = await open(rig);
  client.send({ action: 'connect', value: [rig.account], 'request-id': 1 });
  await client.next((frame) => frame.action === 'connect');
  return client;
}

describe('the account streamer', () => {
  it.each([
    ['a list', (account: string) => [account]],
    ['a bare string', (account: string) => account],
  ])('takes %s of accounts and echoes the request id', async (_what, value) => {
    const rig = await startRig();
    const client = await open(rig);
    client.send({ action: 'connect', value: value(rig.account), 'request-id': 7 });
    expect(await client.next((frame) => frame.action === 'connect')).toEqual({
      status: 'ok',
      action: 'connect',
      'request-id': 7,
      'web-socket-session-id': expect.any(String),
      value: [rig.account],
    });
    client.send({ action: 'heartbeat' });
    const ack = await client.next((frame) => frame.action === 'heartbeat');
    expect(ack.status).toBe('ok');
    expect(ack).not.toHaveProperty('request-id');
  });

  it.each<[string, object]>([
    ['a heartbeat before connect', { action: 'heartbeat' }],
    ['an unknown action', { action: 'dance' }],
    ['a foreign account', { action: 'connect', value: ['5WT99999'] }],
    ['a missing token', { action: 'connect', value: '5WT00001', 'auth-token': undefined }],
    ['a wrong token', { action: 'connect', value: '5WT00001', 'auth-token': 'Bearer nope' }],
  ])('refuses %s', async (_what, message) => {
    const rig = await startRig();
    const client = await open(rig);
    client.send(message);
    expect(await client.next(() => true)).toMatchObject({ status: 'error', message: expect.any(String) });
  });

  it('survives a frame that is no JSON', async () => {
    const rig = await startRig();
    const client = await open(rig);
    client.raw('{');
    expect(await client.next(() => true)).toMatchObject({ status: 'error' });
  });

  it('tells an order from Received to Live with the object REST gives', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const client = await connected(rig);
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT);
    const { id } = (await rig.onAccount('POST', '/orders', gtc('0.50', 'Debit', legs))).body.data.order;
    const last = await client.next((frame) => frame.type === 'Order' && frame.data.status === 'Live');
    const mine = client.frames.filter((frame) => frame.type === 'Order' && frame.data.id === id);
    expect(mine.map((frame) => frame.data.status)).toEqual(['Received', 'Routed', 'In Flight', 'Live']);
    expect(last.data).toEqual((await rig.onAccount('GET', `/orders/${id}`)).body.data);
    expect(last.timestamp).toEqual(expect.any(Number));
    const stamps = mine.map((frame) => frame.data['updated-at']);
    expect(stamps).toEqual([...new Set(stamps)].sort((a, b) => a - b));
  });

  it('tells Filled before the other leg, then the rest, with positions, balance and transactions', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const client = await connected(rig);
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT);
    await rig.onAccount('POST', '/orders', gtc('4.95', 'Debit', legs));
    const remaining = (frame: Frame) => frame.data.legs.map((leg: Frame) => leg['remaining-quantity']);
    await client.next(
      (frame) => frame.type === 'Order' && frame.data.status === 'Filled' && remaining(frame)[1] === 0,
    );
    const filled = client.frames.filter((frame) => frame.type === 'Order' && frame.data.status === 'Filled');
    expect(filled.map(remaining)).toEqual([
      [0, 1],
      [0, 0],
    ]);
    const types = new Set(client.frames.map((frame) => frame.type));
    for (const type of ['CurrentPosition', 'AccountBalance', 'ExternalTransaction'])
      expect(types).toContain(type);
  });

  it('tells nothing to a client that has not connected an account', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const stranger = await open(rig);
    const client = await connected(rig);
    await rig.onAccount('POST', '/orders', gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT)));
    await client.next((frame) => frame.type === 'Order' && frame.data.status === 'Live');
    expect(stranger.frames).toEqual([]);
  });

  it('can be muted: it acknowledges and tells no change', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const client = await connected(rig);
    await rig.admin.stream('mute');
    await rig.onAccount('POST', '/orders', gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT)));
    client.send({ action: 'heartbeat' });
    await client.next((frame) => frame.action === 'heartbeat');
    expect(client.frames.filter((frame) => frame.type === 'Order')).toEqual([]);
  });

  it('loses, repeats and delays frames', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const client = await connected(rig);
    await rig.admin.fault({ kind: 'lost-frame' });
    await rig.admin.fault({ kind: 'twice-frame' });
    await rig.admin.fault({ kind: 'late-frame', ms: 1_000 });
    await rig.onAccount('POST', '/orders', gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT)));
    await client.next((frame) => frame.data?.status === 'In Flight');
    const told = client.frames.filter((frame) => frame.type === 'Order').map((frame) => frame.data.status);
    // Received is lost, Routed told twice, and In Flight comes when the order is Live already.
    expect(told).toEqual(['Routed', 'Routed', 'Live', 'In Flight']);
  });

  it('can be cut, and silenced without being cut', async () => {
    const rig = await startRig({ startAt: MONDAY });
    const client = await connected(rig);
    await rig.admin.stream('silence');
    client.send({ action: 'heartbeat' });
    await rig.onAccount('POST', '/orders', gtc('0.50', 'Debit', await putSpread(rig, 'QQQ', QQQ_TRIDENT)));
    expect((await rig.admin.streamClients()).clients).toEqual([{ accounts: [rig.account] }]);
    expect(client.frames.map((frame) => frame.action)).toEqual(['connect']);
    await rig.admin.stream('resume');
    client.send({ action: 'heartbeat' });
    await client.next((frame) => frame.action === 'heartbeat');
    await rig.admin.stream('drop');
    await until(client.isClosed, Boolean);
  });
});
