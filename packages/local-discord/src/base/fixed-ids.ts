/** Ids of the default world. Fixed, so that a demo's or a test's settings can name them. */
export const IDS = {
  guild: '1214218292428804097',
  channels: {
    trading: '1214218596167720961',
    orders: '1214218715642474497',
    general: '1214218292445581317',
  },
  roles: {
    trader: '1214219564351488002',
    viewer: '1214219633452646406',
    admin: '1214219471397322753',
    bot: '1460559730509348868',
  },
  users: {
    trader: '843931509428715525',
    viewer: '1015173020592898053',
    admin: '647180875972476935',
  },
  application: '1460313742502789123',
} as const;

/** Not a secret: it opens nothing but this server. */
export const DEFAULT_TOKEN = 'local.discord.bot-token';
