import { Injectable, RequestMethod, type OnModuleInit } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS_METADATA } from '../common/access.js';

type Handler = (...args: never[]) => unknown;

/** Refuses to start while any route says nothing about who may call it: forgetting `@Access` must not go unseen. */
@Injectable()
export class RoutePolicy implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const open = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (metatype ? this.withoutRule(metatype as never) : []));
    if (open.length > 0)
      throw new Error(`These routes do not say who may call them (@Access): ${open.join(', ')}`);
  }

  private withoutRule(controller: abstract new (...args: never[]) => object): string[] {
    const prototype: object = controller.prototype;
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler: Handler = Reflect.get(prototype, name);
      const path: unknown = Reflect.getMetadata(PATH_METADATA, handler);
      if (path === undefined) return [];
      if (this.reflector.getAllAndOverride(ACCESS_METADATA, [handler as never, controller as never]))
        return [];
      const method: RequestMethod = Reflect.getMetadata(METHOD_METADATA, handler);
      return [
        `${RequestMethod[method]} ${[Reflect.getMetadata(PATH_METADATA, controller), path].join('/')} (${controller.name}.${name})`,
      ];
    });
  }
}
