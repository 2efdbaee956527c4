import { describe, expect, it } from 'vitest';
import { BrokerRefusal, BrokerUnreachable } from '../../../src/domain/errors.js';
import type { BrokerAccount, StreamListener } from '../../../src/ports/broker.js';
import { AccountNames } from '../../../src/services/accounts/account-names.js';
import { Desks, type DesksDeps } from '../../../src/services/accounts/desks.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { brokerWith } from '../support/builders.js';

type Login = Pick<DesksDeps['broker'], 'accounts'>;

function desksOf(broker: Login, named: string[] = []): Desks {
  const clock = new VirtualClock();
  const names = new AccountNames();
  return new Desks({ broker, named, names, clock, onOrders: () => {} } as unknown as DesksDeps);
}

const numbersOf = async (desks: Desks) => (await desks.all()).map(({ number }) => number);

function account(number: string | null, nickname: string | null = null): BrokerAccount {
  return { number, nickname, type: null };
}

function login(...numbers: (string | null)[]) {
  let asked = 0;
  const broker = brokerWith({
    accounts: async () => {
      asked += 1;
      return numbers.map((number) => account(number));
    },
  });
  return { broker, asked: () => asked };
}

describe('which accounts there are', () => {
  it('the only one, all that are open, or the named ones in their order', async () => {
    expect(await numbersOf(desksOf(login('5WX00001').broker))).toEqual(['5WX00001']);
    const several = login('5WX00001', '5WX00002', '5WX00003').broker;
    expect(await numbersOf(desksOf(several))).toEqual(['5WX00001', '5WX00002', '5WX00003']);
    expect(await numbersOf(desksOf(several, ['5WX00003', '5WX00001']))).toEqual(['5WX00003', '5WX00001']);
  });

  it('a named account that the login doesn’t have is refused, though there is only one', async () => {
    await expect(desksOf(login('5WX00001').broker, ['5WX00009']).all()).rejects.toMatchObject({
      code: 'ACCOUNT_UNKNOWN',
      facts: { there: ['0001'], named: 1 },
    });
    await expect(desksOf(login().broker, ['5WX00009']).all()).rejects.toMatchObject({ facts: { there: [] } });
  });

  it('one that isn’t there, or can’t be read, takes no other down, and is told', async () => {
    const closed = desksOf(login('5WX00001').broker, ['5WX00009', '5WX00001']);
    expect(await numbersOf(closed)).toEqual(['5WX00001']);
    expect(closed.missing).toEqual([{ why: 'not-open', number: '5WX00009' }]);
    expect(closed.several).toBe(true);
    const unread = desksOf(login('5WX00001', null).broker);
    expect(await numbersOf(unread)).toEqual(['5WX00001']);
    expect(unread.missing).toEqual([{ why: 'unreadable' }]);
  });

  it('one that is back is found when the broker is asked again, and the others keep their desks', async () => {
    const there = [account('5WX00001')];
    const desks = desksOf(brokerWith({ accounts: async () => there }), ['5WX00001', '5WX00002']);
    const [first] = await desks.all();
    there.push(account('5WX00002'));
    await desks.lookAgain();
    expect(await numbersOf(desks)).toEqual(['5WX00001', '5WX00002']);
    expect((await desks.all())[0]).toBe(first);
    expect(desks.missing).toEqual([]);
  });

  it('the one that something kept is about, asking the broker first, or that it is served no more', async () => {
    const desks = desksOf(login('5WX00001', '5WX00002').broker);
    expect((await desks.serving('5WX00002')).number).toBe('5WX00002');
    const gone = { code: 'ACCOUNT_GONE', facts: { digits: '0009' } };
    await expect(desks.serving('5WX00009')).rejects.toMatchObject(gone);
    await expect(desks.about({ account: '5WX00009' })).rejects.toMatchObject(gone);
  });

  it('a login without open accounts, or with none that can be read', async () => {
    await expect(desksOf(login().broker).all()).rejects.toMatchObject({ code: 'ACCOUNT_NONE' });
    await expect(desksOf(login(null).broker).all()).rejects.toMatchObject({ code: 'ACCOUNT_UNREADABLE' });
  });

  it('asks once it is known no more, and again after a failure', async () => {
    const { broker, asked } = login('5WX00001');
    const desks = desksOf(broker);
    await desks.all();
    await desks.all();
    expect(asked()).toBe(1);

    let down = true;
    const shaky = desksOf(
      brokerWith({
        accounts: async () => {
          if (down) throw new BrokerUnreachable('no answer');
          return [account('5WX00001')];
        },
      }),
    );
    await expect(shaky.all()).rejects.toThrow(BrokerUnreachable);
    down = false;
    expect(await numbersOf(shaky)).toEqual(['5WX00001']);
  });

  it('shows no whole account number in a refusal', async () => {
    const refused = (typed: string) =>
      desksOf(login('5WX00001', '5WX00002').broker)
        .chosen(typed)
        .catch((each: Error) => each.message);
    expect(await refused('0003')).not.toContain('5WX0000');
    const unknown = await desksOf(login('5WX00001').broker, ['5WX00002'])
      .all()
      .catch((each: Error) => each.message);
    expect(unknown).not.toContain('5WX0000');
  });

  it('who asks at once gets one and the same desk, found by its number from then on', async () => {
    const desks = desksOf(login('5WX00001').broker);
    expect(desks.of('5WX00001')).toBeNull();
    const [[one], [other]] = await Promise.all([desks.all(), desks.all()]);
    expect(one).toBe(other);
    expect(desks.of('5WX00001')).toBe(one);
    expect(desks.of('5WX00002')).toBeNull();
  });
});

describe('which account is meant', () => {
  const two = () => desksOf(login('5WX00001', '5WX00002', '5WX00003').broker, ['5WX00001', '5WX00002']);
  const meant = async (desks: Desks, typed: string | null) =>
    (await desks.chosen(typed)).map(({ number }) => number);

  it.each(['0002', ' 0002 ', '…0002', '...0002', '…0002 (Roth IRA)'])('"%s"', async (typed) => {
    expect(await meant(two(), typed)).toEqual(['5WX00002']);
  });

  it('all, where nothing is said; and then it isn’t one', async () => {
    expect(await meant(two(), null)).toEqual(['5WX00001', '5WX00002']);
    await expect(two().one(null)).rejects.toMatchObject({
      code: 'ACCOUNT_NEEDED',
      facts: { accounts: [{ digits: '0001' }, { digits: '0002' }] },
    });
    expect((await two().one('0001')).number).toBe('5WX00001');
    expect((await desksOf(login('5WX00001').broker).one(null)).number).toBe('5WX00001');
  });

  it.each(['0003', '9999', '', '2', '02', '5WX00002'])('"%s" is none of ours', async (typed) => {
    await expect(two().chosen(typed)).rejects.toMatchObject({ code: 'ACCOUNT_NOT_OURS', facts: { typed } });
  });

  it('works for its accounts alone, and asks once which these are', async () => {
    const { broker, asked } = login('5WX00001', '5WX00002');
    const desks = desksOf(broker, ['5WX00002']);
    expect(await desks.find('5WX00001')).toBeNull();
    expect((await desks.find('5WX00002'))?.number).toBe('5WX00002');
    expect(asked()).toBe(1);
  });
});

describe('reading several', () => {
  /** Two accounts of which each is a stream and a read of its own. */
  function reading(answers: Record<string, () => Promise<unknown>>) {
    const streams = new Map<string, StreamListener>();
    const desks = desksOf(
      brokerWith({
        accounts: async () => Object.keys(answers).map((number) => account(number)),
        watch: (number, listener) => {
          streams.set(number, listener);
          return { close: async () => {} };
        },
      }),
    );
    const known = desks.all().then((all) => {
      for (const desk of all) {
        desk.positions.read = async () =>
          ({ account: desk.number, ...((await answers[desk.number]?.()) as object) }) as never;
      }
    });
    return { desks, streams, known };
  }

  it('one that can’t be read is told beside the others', async () => {
    const closed = new BrokerRefusal(403, 'not_permitted', 'The account is closed');
    const { desks, known } = reading({
      '5WX00001': async () => ({}),
      '5WX00002': () => Promise.reject(closed),
    });
    await known;
    const { read, unread } = await desks.read();
    expect(read.map(({ account: number }) => number)).toEqual(['5WX00001']);
    expect(unread).toEqual([{ name: expect.objectContaining({ digits: '0002' }), error: closed }]);
    await expect(desks.read('0002')).rejects.toBe(closed);
  });

  it('not one of them: as if there were one', async () => {
    const down = new BrokerUnreachable('no answer');
    const { desks, known } = reading({
      '5WX00001': () => Promise.reject(down),
      '5WX00002': () => Promise.reject(down),
    });
    await known;
    await expect(desks.read()).rejects.toBe(down);
  });

  it('what is no trouble of the broker’s is told to nobody as if it were', async () => {
    const bug = new TypeError('undefined');
    const { desks, known } = reading({ '5WX00001': async () => ({}), '5WX00002': () => Promise.reject(bug) });
    await known;
    await expect(desks.read()).rejects.toBe(bug);
  });

  it('a change in one leaves the mark of the other as it is', async () => {
    const { desks, streams, known } = reading({ '5WX00001': async () => ({}), '5WX00002': async () => ({}) });
    await known;
    const [one, other] = (await desks.all()).map(({ watch, number }) => ({ watch, number }));
    for (const each of [one, other]) each?.watch.start(each.number);
    for (const stream of streams.values()) stream.onLive();
    const marks = [one?.watch.mark() ?? '', other?.watch.mark() ?? ''];
    streams.get('5WX00001')?.onPosition('QQQ');
    expect(one?.watch.unchangedSince(marks[0] ?? '', ['QQQ'])).toBe(false);
    expect(other?.watch.unchangedSince(marks[1] ?? '', ['QQQ'])).toBe(true);
    expect(other?.watch.unchangedSince(marks[0] ?? '', ['QQQ'])).toBe(false);
  });
});
