/** How an account is called in front of people, who never read its whole number. */
export interface AccountName {
  /** The last signs of its number: four, or as many as tell it from the others. */
  digits: string;
  /** As its owner named it at the broker, else what kind of account it is; null where neither is told. */
  nickname: string | null;
  /** It is one of several, so what is told of it has to say which. */
  oneOfSeveral: boolean;
}

/** How accounts are called, by their whole number. */
export interface AccountNaming {
  of(account: string): AccountName;
}

/** Of an account as the broker tells it, what a name is made of. */
export interface Named {
  number: string;
  nickname: string | null;
  type: string | null;
}

const DIGITS = 4;
const MOST_NICKNAME = 24;

/** Such as `0001` of `5WX00001`. */
export function lastDigits(number: string): string {
  return number.slice(-DIGITS);
}

/**
 * The name of each account by its number, all of them different.
 * @param several there are more than these, of which not even the number is known
 */
export function accountNames(accounts: readonly Named[], several = false): Map<string, AccountName> {
  const numbers = accounts.map(({ number }) => number);
  const oneOfSeveral = several || numbers.length > 1;
  return new Map(
    accounts.map(({ number, nickname, type }) => [
      number,
      { digits: distinct(number, numbers), nickname: plain(nickname) ?? plain(type), oneOfSeveral },
    ]),
  );
}

/** So few of the last signs as no other number ends in; where only the first differs, the order tells them apart. */
function distinct(number: string, all: readonly string[]): string {
  for (let count = DIGITS; count < number.length; count += 1) {
    const end = number.slice(-count);
    if (all.every((other) => other === number || !other.endsWith(end))) return end;
  }
  const alike = all.filter((other) => other.endsWith(lastDigits(number))).sort();
  return alike.length > 1 ? `${lastDigits(number)}-${alike.indexOf(number) + 1}` : lastDigits(number);
}

/** A text from outside that stands between ours: no marks that a chat would take for its own. */
function plain(text: string | null): string | null {
  const words = (text ?? '')
    .replaceAll(/[^\p{L}\p{N} .,&'’()+/-]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return words.slice(0, MOST_NICKNAME).trim() || null;
}
