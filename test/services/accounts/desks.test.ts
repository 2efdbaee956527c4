import { describe, expect, it } from 'vitest';
import { BrokerUnreachable } from '../../../src/domain/errors.js';
import { Desks, type DesksDeps } from '../../../src/services/accounts/desks.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { brokerWith } from '../support/builders.js';

type Login = Pick<DesksDeps['broker'], 'accounts'>;

function desksOf(broker: Login, named: string | null): Desks {
  const clock = new VirtualClock();
  return new Desks({ broker, named, clock, onOrders: () => {} } as unknown as DesksDeps);
}

const numberOf = async (desks: Desks) => (await desks.current()).number;

function login(...numbers: string[]) {
  let asked = 0;
  const broker = brokerWith({
    accounts: async () => {
      asked += 1;
      return numbers.map((number) => ({ number, nickname: null, type: null }));
    },
  });
  return { broker, asked: () => asked };
}

describe('Desks', () => {
  it('takes the only account, or the named one among several', async () => {
    expect(await numberOf(desksOf(login('5WX00001').broker, null))).toBe('5WX00001');
    const several = login('5WX00001', '5WX00002').broker;
    expect(await numberOf(desksOf(several, '5WX00002'))).toBe('5WX00002');
  });

  it('never guesses among several', async () => {
    const desks = desksOf(login('5WX00001', '5WX00002').broker, null);
    await expect(desks.current()).rejects.toMatchObject({
      code: 'ACCOUNT_AMBIGUOUS',
      message: expect.stringContaining('…0001, …0002'),
      hint: expect.stringContaining('TASTYTRADE_ACCOUNT'),
    });
    expect(desks.known).toEqual([]);
  });

  it('a named account that the login doesn’t have is refused, though there is only one', async () => {
    await expect(desksOf(login('5WX00001').broker, '5WX00009').current()).rejects.toMatchObject({
      code: 'ACCOUNT_UNKNOWN',
      message: expect.stringContaining('…0001'),
    });
    await expect(desksOf(login().broker, '5WX00009').current()).rejects.toMatchObject({
      message: expect.stringContaining('none'),
    });
  });

  it('a login without open accounts', async () => {
    await expect(desksOf(login().broker, null).current()).rejects.toMatchObject({
      code: 'ACCOUNT_NONE',
    });
  });

  it('asks once it is known no more, and again after a failure', async () => {
    const { broker, asked } = login('5WX00001');
    const desks = desksOf(broker, null);
    await desks.current();
    await desks.current();
    expect(asked()).toBe(1);
    expect(desks.known.map(({ number }) => number)).toEqual(['5WX00001']);

    let down = true;
    const shaky = desksOf(
      brokerWith({
        accounts: async () => {
          if (down) throw new BrokerUnreachable('no answer');
          return [{ number: '5WX00001', nickname: null, type: null }];
        },
      }),
      null,
    );
    await expect(shaky.current()).rejects.toThrow(BrokerUnreachable);
    down = false;
    expect(await numberOf(shaky)).toBe('5WX00001');
  });

  it('shows no whole account number in a refusal', async () => {
    const error = await desksOf(login('5WX00001', '5WX00002').broker, null)
      .current()
      .catch((each: Error) => each.message);
    expect(error).not.toContain('5WX0000');
  });

  it('works for its account alone, and asks once which that is', async () => {
    const { broker, asked } = login('5WX00001', '5WX00002');
    const desks = desksOf(broker, '5WX00002');
    expect(await desks.worksFor('5WX00001')).toBe(false);
    expect(await desks.worksFor('5WX00002')).toBe(true);
    expect(asked()).toBe(1);
  });

  it('who asks at once gets one and the same desk, found by its number from then on', async () => {
    const desks = desksOf(login('5WX00001').broker, null);
    expect(desks.of('5WX00001')).toBeNull();
    const [one, other] = await Promise.all([desks.current(), desks.current()]);
    expect(one).toBe(other);
    expect(desks.of('5WX00001')).toBe(one);
    expect(desks.of('5WX00002')).toBeNull();
  });
});
