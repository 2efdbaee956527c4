import type { RouteOptions } from 'fastify';

/** Remembers which paths exist under which methods, to tell a wrong method (405) from a wrong path (404). */
export class RouteTable {
  private readonly patterns: RegExp[] = [];

  add(route: RouteOptions): void {
    this.patterns.push(new RegExp(`^${route.url.replace(/:\w+/g, '[^/]+')}$`));
  }

  /** Whether some method is served at this path. */
  knows(path: string): boolean {
    return this.patterns.some((pattern) => pattern.test(path));
  }
}
