import { type Issues, issue, type Path } from '../base/issues.js';
import { type JsonObject, lengthOf, objectOf, objectsOf, textOf } from '../base/json.js';

/** Official docs, "Embed Limits": all texts of all embeds of one message together. */
const MAX_TEXT = 6_000;
const MAX_EMBEDS = 10;

/** Embed rules that Discord's OpenAPI file does not hold. */
export function checkEmbeds(embeds: readonly JsonObject[], at: Path, issues: Issues): void {
  if (embeds.length > MAX_EMBEDS) issue.tooLong(issues, at, MAX_EMBEDS);
  const total = embeds.reduce((sum, embed) => sum + textLength(embed), 0);
  if (total > MAX_TEXT) {
    issues.add(at, 'MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${MAX_TEXT}`);
  }
  embeds.forEach((embed, index) => {
    checkEmbed(embed, [...at, index], issues);
  });
}

function checkEmbed(embed: JsonObject, at: Path, issues: Issues): void {
  if (isEmpty(embed)) issue.required(issues, [...at, 'description']);
  objectsOf(embed.fields).forEach((field, index) => {
    for (const key of ['name', 'value']) {
      if (textOf(field[key]).trim() === '') issue.required(issues, [...at, 'fields', index, key]);
    }
  });
  checkUrl(embed.url, ['http:', 'https:'], [...at, 'url'], issues);
  for (const key of ['image', 'thumbnail']) {
    checkUrl(objectOf(embed[key]).url, ['http:', 'https:', 'attachment:'], [...at, key, 'url'], issues);
  }
  for (const key of ['footer', 'author']) {
    const icon = objectOf(embed[key]).icon_url;
    checkUrl(icon, ['http:', 'https:', 'attachment:'], [...at, key, 'icon_url'], issues);
  }
  checkUrl(objectOf(embed.author).url, ['http:', 'https:'], [...at, 'author', 'url'], issues);
}

/** Refuses an address whose scheme Discord does not take; a missing one is fine. */
function checkUrl(url: unknown, schemes: readonly string[], at: Path, issues: Issues): void {
  if (url === undefined || url === null || url === '') return;
  const scheme = /^([a-z][a-z0-9+.-]*:)/i.exec(textOf(url))?.[1]?.toLowerCase();
  if (!scheme || !schemes.includes(scheme)) {
    issues.add(at, 'URL_TYPE_INVALID_SCHEME', `Scheme must be one of (${schemes.join(' ')}).`);
  }
}

function isEmpty(embed: JsonObject): boolean {
  const texts = [
    embed.title,
    embed.description,
    embed.url,
    objectOf(embed.footer).text,
    objectOf(embed.author).name,
  ];
  const pictures = [objectOf(embed.image).url, objectOf(embed.thumbnail).url];
  const filled = [...texts, ...pictures].some((value) => textOf(value) !== '');
  return !filled && objectsOf(embed.fields).length === 0;
}

function textLength(embed: JsonObject): number {
  const texts = [
    embed.title,
    embed.description,
    objectOf(embed.footer).text,
    objectOf(embed.author).name,
    ...objectsOf(embed.fields).flatMap((field) => [field.name, field.value]),
  ];
  return texts.reduce<number>((sum, text) => sum + lengthOf(textOf(text)), 0);
}
