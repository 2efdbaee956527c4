import { apiError } from '../base/api-error.js';
import type { Clock } from '../base/clock.js';
import { CommandType } from '../base/constants.js';
import { type JsonObject, objectsOf, withoutNulls } from '../base/json.js';
import type { SnowflakeMaker } from '../base/snowflake.js';
import type { Hub } from '../hub.js';

/** A registered command as Discord shows it. */
export interface Command extends JsonObject {
  id: string;
  application_id: string;
  version: string;
  type: number;
  name: string;
  guild_id?: string;
}

/** Official docs, "Registering a Command". */
const MAX_PER_TYPE: Readonly<Record<number, number>> = { 1: 100, 2: 15, 3: 15 };
const MAX_CREATES_PER_DAY = 200;
const DAY_MS = 86_400_000;

/** The commands of every application, globally and per guild. Expects bodies that the rules have let through. */
export class CommandRegistry {
  private readonly scopes = new Map<string, Command[]>();
  private readonly creations = new Map<string, number[]>();

  constructor(
    private readonly ids: SnowflakeMaker,
    private readonly clock: Clock,
    private readonly hub: Hub,
  ) {}

  /** @param guildId null: the global ones. */
  list(appId: string, guildId: string | null): readonly Command[] {
    return this.scopes.get(scopeKey(appId, guildId)) ?? [];
  }

  /** Everything an application has registered anywhere. */
  all(appId: string, guildId: string): Command[] {
    return [...this.list(appId, guildId), ...this.list(appId, null)];
  }

  find(appId: string, guildId: string | null, commandId: string): Command {
    const found = this.list(appId, guildId).find((command) => command.id === commandId);
    if (!found) throw apiError('unknownCommand');
    return found;
  }

  /** Replaces the whole list (bulk PUT); a command of the same name and type keeps its id. */
  replaceAll(appId: string, guildId: string | null, bodies: readonly JsonObject[]): readonly Command[] {
    const before = this.list(appId, guildId);
    const next = bodies.map((body) => this.merge(appId, guildId, same(before, body), body));
    checkCounts(next);
    this.countCreations(
      appId,
      guildId,
      next.filter((one) => !before.some((old) => old.id === one.id)).length,
    );
    this.store(appId, guildId, next);
    return next;
  }

  /** Adds one, or replaces the one of that name and type. */
  upsert(appId: string, guildId: string | null, body: JsonObject): { command: Command; created: boolean } {
    const before = this.list(appId, guildId);
    const old = same(before, body);
    const command = this.merge(appId, guildId, old, body);
    const next = old ? before.map((one) => (one === old ? command : one)) : [...before, command];
    checkCounts(next);
    if (!old) this.countCreations(appId, guildId, 1);
    this.store(appId, guildId, next);
    return { command, created: old === undefined };
  }

  patch(appId: string, guildId: string | null, commandId: string, body: JsonObject): Command {
    const old = this.find(appId, guildId, commandId);
    const command = this.merge(appId, guildId, old, { ...old, ...body, type: old.type });
    const next = this.list(appId, guildId).map((one) => (one === old ? command : one));
    this.store(appId, guildId, next);
    return command;
  }

  remove(appId: string, guildId: string | null, commandId: string): void {
    const old = this.find(appId, guildId, commandId);
    this.store(
      appId,
      guildId,
      this.list(appId, guildId).filter((one) => one !== old),
    );
  }

  private merge(appId: string, guildId: string | null, old: Command | undefined, body: JsonObject): Command {
    const permissions = body.default_member_permissions;
    const fields = {
      type: Number(body.type ?? CommandType.chatInput),
      name: String(body.name),
      name_localizations: body.name_localizations ?? null,
      description: body.description ?? '',
      description_localizations: body.description_localizations ?? null,
      default_member_permissions:
        permissions === null || permissions === undefined ? null : String(permissions),
      contexts: body.contexts ?? null,
      integration_types: body.integration_types ?? [0],
      nsfw: body.nsfw === true,
      ...(guildId ? { guild_id: guildId } : { dm_permission: body.dm_permission !== false }),
      ...(objectsOf(body.options).length > 0 ? { options: objectsOf(body.options).map(finishOption) } : {}),
    };
    // The version changes with every real change, and only then.
    const unchanged = old && JSON.stringify({ ...old, ...fields }) === JSON.stringify(old);
    return {
      id: old?.id ?? this.ids.next(),
      application_id: appId,
      version: unchanged ? old.version : this.ids.next(),
      ...fields,
    };
  }

  private countCreations(appId: string, guildId: string | null, added: number): void {
    const key = scopeKey(appId, guildId);
    const now = this.clock.now();
    const recent = (this.creations.get(key) ?? []).filter((at) => at > now - DAY_MS);
    if (recent.length + added > MAX_CREATES_PER_DAY) throw apiError('dailyCommandCreates');
    this.creations.set(key, [...recent, ...Array.from({ length: added }, () => now)]);
  }

  private store(appId: string, guildId: string | null, commands: readonly Command[]): void {
    this.scopes.set(scopeKey(appId, guildId), [...commands]);
    this.hub.emit('commandsChanged');
  }
}

function scopeKey(appId: string, guildId: string | null): string {
  return `${appId}/${guildId ?? 'global'}`;
}

function same(commands: readonly Command[], body: JsonObject): Command | undefined {
  const type = Number(body.type ?? CommandType.chatInput);
  return commands.find((command) => command.name === body.name && command.type === type);
}

function checkCounts(commands: readonly Command[]): void {
  for (const [type, max] of Object.entries(MAX_PER_TYPE)) {
    if (commands.filter((command) => command.type === Number(type)).length > max) {
      throw apiError('tooManyCommands');
    }
  }
}

function finishOption(option: JsonObject): JsonObject {
  const kept = withoutNulls(option);
  if (Array.isArray(kept.options)) kept.options = objectsOf(kept.options).map(finishOption);
  if (Array.isArray(kept.choices)) kept.choices = objectsOf(kept.choices).map(withoutNulls);
  return kept;
}
