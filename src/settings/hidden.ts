import { Secrets } from '../ports/secrets.js';
import type { Settings } from './schema.js';

/** What of the settings must never be printed or posted, even if some library puts it into an error. */
export function hiddenIn(settings: Settings): Secrets {
  const { DISCORD_TOKEN, TASTYTRADE_CLIENT_SECRET, TASTYTRADE_REFRESH_TOKEN, TASTYTRADE_ACCOUNT } = settings;
  const secrets = new Secrets();
  for (const secret of [DISCORD_TOKEN, TASTYTRADE_CLIENT_SECRET, TASTYTRADE_REFRESH_TOKEN]) {
    if (secret) secrets.add(secret.reveal());
  }
  for (const password of passwordsIn(settings.DATABASE_URL)) secrets.add(password);
  for (const number of TASTYTRADE_ACCOUNT) secrets.addAccount(number);
  return secrets;
}

/** As written and as meant; shorter ones are words of any line. */
function passwordsIn(address: string): string[] {
  if (!URL.canParse(address)) return [];
  const { password, searchParams } = new URL(address);
  const meant = new URLSearchParams(`password=${password.replaceAll('+', '%2B')}`).get('password') ?? '';
  return [password, meant, searchParams.get('password') ?? ''].filter(({ length }) => length >= 4);
}
