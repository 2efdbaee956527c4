import { type RepliableInteraction, Routes } from 'discord.js';
import type { Pictures } from '../ports/pictures.js';
import type { Picture } from '../screens/pictures/svg.js';
import type { App } from './app.js';
import type { PressInteraction } from './command.js';

/** An upload that takes longer is given up. */
const UPLOAD_MS = 15_000;

/** A message that an interaction has put on the screen. */
export interface Shown {
  id: string;
  /** It is the interaction's own answer, not a message after it. */
  isReply: boolean;
}

export interface Wanted {
  /** Null where there is nothing to draw. */
  make(): Promise<Picture | null>;
  /** Asked in the last step: whether the message still says what the picture shows. */
  stillFits?(): Promise<boolean>;
}

/**
 * Adds a picture to a message that is out already, or takes its place there. It says nothing that the words don't, so
 * nobody waits for it, and where it fails that is logged and no more. Only the message's files change: words and buttons
 * may be edited meanwhile by whoever they belong to.
 */
export function addPicture(
  interaction: RepliableInteraction | PressInteraction,
  message: Shown,
  app: App,
  wanted: Wanted,
): void {
  const { pictures, onScreen, log } = app;
  if (!pictures) return;
  onScreen.picture(message.id, (before) =>
    add(interaction, message, { pictures, before }, wanted).catch((error: unknown) =>
      log.warn({ err: error }, 'a message got no picture'),
    ),
  );
}

async function add(
  interaction: RepliableInteraction | PressInteraction,
  message: Shown,
  { pictures, before }: { pictures: Pictures; before: Promise<void> | undefined },
  { make, stillFits = async () => true }: Wanted,
): Promise<void> {
  let file: { picture: Picture; png: Uint8Array } | null = null;
  try {
    const picture = await make();
    const png = picture && (await pictures.draw(picture.svg));
    file = png && { picture, png };
  } finally {
    await before;
    // One that was under way may have come after the words that this message says now.
    if ((file || before) && (await stillFits())) await putFile(interaction, message, file);
  }
}

async function putFile(
  { client, applicationId, token }: RepliableInteraction | PressInteraction,
  { id, isReply }: Shown,
  file: { picture: Picture; png: Uint8Array } | null,
): Promise<void> {
  const { name, alt } = file?.picture ?? {};
  await client.rest.patch(Routes.webhookMessage(applicationId, token, isReply ? '@original' : id), {
    auth: false,
    // The list is complete: what was there before goes.
    body: { attachments: file ? [{ id: '0', filename: name, description: alt }] : [] },
    ...(file && name ? { files: [{ name, data: Buffer.from(file.png), contentType: 'image/png' }] } : {}),
    signal: AbortSignal.timeout(UPLOAD_MS),
  });
}
