import { describe, expect, it } from 'vitest';
import { BrokerUnreachable } from '../../../src/domain/errors.js';
import { AccountChoice } from '../../../src/services/accounts/account-choice.js';
import { brokerWith } from '../support/builders.js';

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

describe('AccountChoice', () => {
  it('takes the only account, or the named one among several', async () => {
    expect(await new AccountChoice(login('5WX00001').broker, null).current()).toBe('5WX00001');
    const several = login('5WX00001', '5WX00002').broker;
    expect(await new AccountChoice(several, '5WX00002').current()).toBe('5WX00002');
  });

  it('never guesses among several', async () => {
    const choice = new AccountChoice(login('5WX00001', '5WX00002').broker, null);
    await expect(choice.current()).rejects.toMatchObject({
      code: 'ACCOUNT_AMBIGUOUS',
      message: expect.stringContaining('…0001, …0002'),
      hint: expect.stringContaining('TASTYTRADE_ACCOUNT'),
    });
    expect(choice.known).toBeNull();
  });

  it('a named account that the login doesn’t have is refused, though there is only one', async () => {
    await expect(new AccountChoice(login('5WX00001').broker, '5WX00009').current()).rejects.toMatchObject({
      code: 'ACCOUNT_UNKNOWN',
      message: expect.stringContaining('…0001'),
    });
    await expect(new AccountChoice(login().broker, '5WX00009').current()).rejects.toMatchObject({
      message: expect.stringContaining('none'),
    });
  });

  it('a login without open accounts', async () => {
    await expect(new AccountChoice(login().broker, null).current()).rejects.toMatchObject({
      code: 'ACCOUNT_NONE',
    });
  });

  it('asks once it is known no more, and again after a failure', async () => {
    const { broker, asked } = login('5WX00001');
    const choice = new AccountChoice(broker, null);
    await choice.current();
    await choice.current();
    expect(asked()).toBe(1);
    expect(choice.known).toBe('5WX00001');

    let down = true;
    const shaky = new AccountChoice(
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
    expect(await shaky.current()).toBe('5WX00001');
  });

  it('shows no whole account number in a refusal', async () => {
    const error = await new AccountChoice(login('5WX00001', '5WX00002').broker, null)
      .current()
      .catch((each: Error) => each.message);
    expect(error).not.toContain('5WX0000');
  });
});
