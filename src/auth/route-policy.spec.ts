import { Controller, Get, Post, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Access } from '../common/access.js';
import { RoutePolicy } from './route-policy.js';

@Access('owner')
@Controller('closed')
class ClosedController {
  @Get() list() {}
  @Access('public') @Post() open() {}
}

@Controller('forgotten')
class ForgottenController {
  @Access('public') @Get('fine') fine() {}
  @Post('oops') oops() {}
  notARoute() {}
}

const start = async (...controllers: Type[]) => {
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    controllers,
    providers: [RoutePolicy],
  }).compile();
  await module.init();
  await module.close();
};

describe('the start', () => {
  it('goes on when every route says who may call it, itself or by its controller', async () => {
    await expect(start(ClosedController)).resolves.toBeUndefined();
  });

  it('stops at a route that does not, and names it', async () => {
    await expect(start(ClosedController, ForgottenController)).rejects.toThrow(
      'do not say who may call them (@Access): POST forgotten/oops (ForgottenController.oops)',
    );
  });
});
