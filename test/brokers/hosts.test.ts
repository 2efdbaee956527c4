import { describe, expect, it } from 'vitest';
import { TASTYTRADE_HOSTS } from '../../src/brokers/index.js';
import { trustedUrl } from '../../src/ports/tastytrade-hosts.js';

const refuses = (url: string, kind: 'http' | 'ws' = 'http', allowHost?: string) =>
  expect(() => trustedUrl(url, kind, allowHost)).toThrow(
    expect.objectContaining({ code: 'BROKER_URL_REFUSED' }),
  );

describe('trustedUrl', () => {
  it("takes tastytrade's own hosts of both environments", () => {
    for (const { apiUrl, streamerUrl } of Object.values(TASTYTRADE_HOSTS)) {
      expect(trustedUrl(apiUrl, 'http')).toBe(apiUrl);
      expect(trustedUrl(`${streamerUrl}/`, 'ws')).toBe(streamerUrl);
    }
    expect(trustedUrl('https://api.tastyworks.com.', 'http')).toBe('https://api.tastyworks.com.');
  });

  it('refuses hosts that only look like them', () => {
    refuses('https://api.cert.tastytrade.com');
    refuses('https://api.tastyworks.com.evil.example');
    refuses('https://evil.example/api.tastyworks.com');
    refuses('https://127.0.0.1.evil.example');
  });

  it('takes one more host only if it is named, with or without its port', () => {
    refuses('https://proxy.example:8443');
    refuses('https://proxy.example', 'http', '');
    refuses('https://sub.proxy.example', 'http', 'proxy.example');
    refuses('https://proxy.example:9', 'http', 'proxy.example:8443');
    expect(trustedUrl('https://proxy.example:8443', 'http', 'proxy.example:8443')).toContain('proxy.example');
    expect(trustedUrl('https://proxy.example:8443/x/', 'http', 'Proxy.example')).toMatch(/\/x$/);
  });

  it('takes an unencrypted address on this machine only, even for a named host', () => {
    for (const host of ['127.0.0.1', '127.1', 'localhost', '[::1]', '127.8.9.1']) {
      expect(trustedUrl(`http://${host}:4010`, 'http')).toMatch(/^http:/);
      expect(trustedUrl(`ws://${host}:4010`, 'ws')).toMatch(/^ws:/);
    }
    refuses('http://api.tastyworks.com');
    refuses('ws://streamer.tastyworks.com', 'ws');
    refuses('http://proxy.example', 'http', 'proxy.example');
    refuses('http://10.0.0.1');
    refuses('http://0.0.0.0');
  });

  it('refuses other schemes, nonsense and anything beside host and path', () => {
    refuses('ftp://api.tastyworks.com');
    refuses('wss://api.tastyworks.com', 'http');
    refuses('https://streamer.tastyworks.com', 'ws');
    refuses('api.tastyworks.com');
    refuses('https://user:hunter2@api.tastyworks.com');
    refuses('https://api.tastyworks.com?token=1');
    expect(() => trustedUrl('https://u:hunter2@evil.example', 'http')).not.toThrow(/hunter2/);
  });
});
