import { timestamp } from '../base/clock.js';
import { isObject, type JsonObject, objectsOf, textOf, withoutNulls } from '../base/json.js';
import type { Attachment } from './attachments.js';

/** Finds the file behind an `attachment://name` address. */
export type FileByUrl = (url: string) => Attachment | undefined;

/** An embed as Discord hands it back: type filled in, defaults set, attachment:// addresses resolved, nulls gone. */
export function finishEmbed(embed: JsonObject, file: FileByUrl): JsonObject {
  const {
    image,
    thumbnail,
    footer,
    author,
    fields,
    timestamp: at,
    video,
    provider,
    ...plain
  } = withoutNulls(embed);
  return {
    ...plain,
    type: 'rich',
    ...(at === undefined ? {} : { timestamp: timestamp(Date.parse(textOf(at))) }),
    ...(isObject(image) ? { image: picture(image, file) } : {}),
    ...(isObject(thumbnail) ? { thumbnail: picture(thumbnail, file) } : {}),
    ...(isObject(footer) ? { footer: withIcon(footer, file) } : {}),
    ...(isObject(author) ? { author: withIcon(author, file) } : {}),
    ...(fields === undefined ? {} : { fields: objectsOf(fields).map(field) }),
  };
}

function field(source: JsonObject): JsonObject {
  return { name: source.name, value: source.value, inline: source.inline === true };
}

function picture(source: JsonObject, file: FileByUrl): JsonObject {
  const url = textOf(source.url);
  const found = file(url);
  if (!found) return { ...withoutNulls(source), url, proxy_url: url };
  return {
    ...withoutNulls(source),
    url: found.url,
    proxy_url: found.url,
    content_type: found.contentType,
    ...(found.width === undefined ? {} : { width: found.width, height: found.height }),
  };
}

function withIcon(source: JsonObject, file: FileByUrl): JsonObject {
  const { icon_url: icon, ...rest } = withoutNulls(source);
  if (icon === undefined) return rest;
  const url = file(textOf(icon))?.url ?? textOf(icon);
  return { ...rest, icon_url: url, proxy_icon_url: url };
}
