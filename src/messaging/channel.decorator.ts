import { SetMetadata } from '@nestjs/common';

export const CHANNEL_METADATA = 'lawrei:message-channel';

/** Registers a provider as a way for messages to travel; found by discovery, because messaging imports no channel. */
export const CarriesMessages = () => SetMetadata(CHANNEL_METADATA, true);
