import { Module } from '@nestjs/common';
import { GoogleSandboxController } from './google-sandbox.controller.js';
import { PhoneController } from './phone.controller.js';
import { SandboxClock } from './sandbox-clock.service.js';
import { SandboxController } from './sandbox.controller.js';
import { Sandbox } from './sandbox.service.js';
import { StripeSandboxController } from './stripe-sandbox.controller.js';

/** The sandbox's routes; part of the application only while a provider is the sandbox, never in production. */
@Module({
  controllers: [SandboxController, StripeSandboxController, GoogleSandboxController, PhoneController],
  providers: [Sandbox, SandboxClock],
})
export class SandboxModule {}
