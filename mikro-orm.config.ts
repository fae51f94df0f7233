import { ENTITIES } from './src/entities.js';
import { loadConfig } from './src/config/config.js';
import { ormOptions } from './src/database/orm.options.js';

/** For MikroORM's own command line, on the owner's DATABASE_URL; the application and `npm run migration` do not need it. */
export default ormOptions(ENTITIES, {
  clientUrl: loadConfig().databaseUrl ?? 'postgresql://127.0.0.1:5432/lawrei',
});
