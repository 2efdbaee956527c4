import { EventEmitter } from 'node:events';
import { type Client, Events, Status } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { gatewayHealth, onFatalClose } from '../../src/bot/gateway-health.js';

function client(statuses: Status[], ping = 42.4): Client {
  const shards = new Map(statuses.map((status, id) => [id, { status }]));
  return Object.assign(new EventEmitter(), { ws: { shards, ping } }) as unknown as Client;
}

describe('gatewayHealth', () => {
  it('is well only while every shard is ready', () => {
    for (const status of Object.values(Status).filter((each) => typeof each === 'number')) {
      expect(gatewayHealth(client([status])).connected).toBe(status === Status.Ready);
      expect(gatewayHealth(client([Status.Ready, status])).connected).toBe(status === Status.Ready);
    }
  });

  it('names the worst shard’s state in words', () => {
    expect(gatewayHealth(client([Status.Ready, Status.WaitingForGuilds])).state).toBe('waiting for guilds');
    expect(gatewayHealth(client([Status.Disconnected])).state).toBe('disconnected');
    expect(gatewayHealth(client([Status.Ready])).state).toBe('ready');
  });

  it('before it ever connected it is not well', () => {
    expect(gatewayHealth(client([], -1))).toEqual({ connected: false, state: 'not connected', pingMs: null });
  });

  it('has a ping once one was measured', () => {
    expect(gatewayHealth(client([Status.Ready])).pingMs).toBe(42);
    expect(gatewayHealth(client([Status.Ready], -1)).pingMs).toBeNull();
  });
});

describe('onFatalClose', () => {
  it.each([
    [4004, 'DISCORD_TOKEN'],
    [4013, 'invalid intents'],
    [4014, 'intent is not allowed'],
    [4099, 'no reason known'],
  ])('close code %i is told with its reason', (code, words) => {
    const told: string[] = [];
    const one = client([Status.Ready]);
    onFatalClose(one, (reason) => told.push(reason));
    one.emit(Events.ShardDisconnect, { code } as never, 0);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(words);
    expect(told[0]).toContain(`(${code})`);
  });

  it('our own goodbye is no accident', () => {
    const told: string[] = [];
    const one = client([Status.Ready]);
    onFatalClose(one, (reason) => told.push(reason));
    one.emit(Events.ShardDisconnect, { code: 1000 } as never, 0);
    expect(told).toEqual([]);
  });
});
