import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { CHANNEL_METADATA } from './channel.decorator.js';
import { ChannelPort } from './channel.port.js';
import { MESSAGE_CHANNELS, type MessageChannel } from './text/families.js';

/** The ways messages can travel in this process; the start fails when one is missing or there twice. */
@Injectable()
export class ChannelRegistry implements OnModuleInit {
  private readonly channels = new Map<MessageChannel, ChannelPort>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const { instance, metatype } of this.discovery.getProviders()) {
      if (!metatype || !Reflect.getMetadata(CHANNEL_METADATA, metatype)) continue;
      if (!(instance instanceof ChannelPort))
        throw new Error(`${metatype.name} carries messages but is no ChannelPort`);
      if (this.channels.has(instance.channel)) throw new Error(`two channels carry ${instance.channel}`);
      this.channels.set(instance.channel, instance);
    }
    const missing = MESSAGE_CHANNELS.filter((name) => !this.channels.has(name));
    if (missing.length > 0) throw new Error(`no channel carries ${missing.join(', ')}`);
  }

  /** The channel of that name. */
  of(name: MessageChannel): ChannelPort {
    const channel = this.channels.get(name);
    if (!channel) throw new Error(`no channel carries ${name}`);
    return channel;
  }

  all(): ChannelPort[] {
    return [...this.channels.values()];
  }
}
