/** What a folder of src/ may import besides itself and `common`: the table of docs/architecture.md, one row per folder. */
export const MAY_IMPORT = {
  common: [],
  config: [],
  database: ['config'],
  audit: ['config', 'database'],
  redis: ['config'],
  outbox: ['config', 'database', 'redis'],
  business: ['config', 'database', 'audit', 'outbox'],
  customers: ['database', 'audit', 'outbox', 'business'],
  auth: ['config', 'database', 'audit', 'outbox', 'business', 'customers'],
  http: ['config', 'database', 'redis', 'auth'],
  catalog: ['database', 'audit', 'outbox', 'business'],
  scheduling: ['database', 'audit', 'outbox', 'business', 'catalog'],
  bookings: ['database', 'audit', 'outbox', 'business', 'customers', 'auth', 'catalog', 'scheduling'],
  payments: ['config', 'database', 'audit', 'outbox', 'business', 'customers', 'auth', 'catalog', 'bookings'],
  calendar: [
    'config',
    'database',
    'audit',
    'outbox',
    'business',
    'customers',
    'auth',
    'catalog',
    'scheduling',
    'bookings',
  ],
  messaging: [
    'config',
    'database',
    'audit',
    'outbox',
    'business',
    'customers',
    'auth',
    'catalog',
    'bookings',
    'payments',
    'calendar',
  ],
  sms: ['config', 'database', 'audit', 'outbox', 'business', 'customers', 'bookings', 'messaging'],
  email: ['config', 'database', 'audit', 'outbox', 'business', 'customers', 'bookings', 'messaging'],
  portal: [
    'database',
    'business',
    'auth',
    'customers',
    'catalog',
    'scheduling',
    'bookings',
    'payments',
    'messaging',
  ],
  analytics: ['database', 'business', 'catalog', 'scheduling', 'outbox'],
  transfer: ['database', 'audit', 'business', 'customers', 'bookings'],
  privacy: ['database', 'audit', 'outbox', 'auth'],
  operations: ['config', 'database', 'redis', 'audit', 'outbox'],
  sandbox: ['config', 'database'],
};

/** Files a module shows to others; everything else is its own business. */
const PUBLIC_FILES = [
  '\\.(module|service|events|types|errors|view|port|gateway|decorator)\\.ts$',
  '/dto/[^/]+\\.(request|response)\\.ts$',
  '/entities/[^/]+\\.entity\\.ts$',
];

/** Ground that every module stands on: made to be imported, file by file. */
const COMMON_GROUND = ['common', 'config', 'database'];

const folders = (names) => `^src/(${names.join('|')})/`;

const boundaries = Object.entries(MAY_IMPORT).map(([name, others]) => {
  const allowed = name === 'common' ? [name] : [name, 'common', ...others];
  return {
    name: `${name}-boundary`,
    severity: 'error',
    comment: `${name} may import only: ${allowed.join(', ')} (docs/architecture.md)`,
    from: { path: `^src/${name}/` },
    to: { path: '^src/', pathNot: folders(allowed) },
  };
});

export default {
  forbidden: [
    ...boundaries,
    {
      name: 'every-folder-has-a-row',
      severity: 'error',
      comment: 'A new folder of src/ needs a row in the table above and in docs/architecture.md.',
      from: { path: '^src/[^/]+/', pathNot: folders(Object.keys(MAY_IMPORT)) },
      to: {},
    },
    {
      name: 'only-public-files',
      severity: 'error',
      comment:
        'From another module import its module, service, events, types, errors, ports or responses only.',
      from: { path: '^src/([^/]+)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/[^/]+/', pathNot: [folders(COMMON_GROUND), '^src/$1/', ...PUBLIC_FILES] },
    },
    {
      name: 'only-app-module-imports-http',
      severity: 'error',
      comment:
        'Its interceptors are global; modules use the decorators in common. (entities.ts lists every table.)',
      from: { path: '^src/', pathNot: '^src/(http/|(app\\.module|entities)\\.ts$)' },
      to: { path: '^src/http/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Type-only cycles count: they are the same knot in a reader’s head.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'entities-know-no-framework',
      severity: 'error',
      comment: 'Rules of the business outlive the framework and are tested without it.',
      from: { path: '/entities/' },
      to: { path: 'node_modules/(@nestjs|fastify|class-validator|class-transformer)/' },
    },
    {
      name: 'temporal-in-one-place',
      severity: 'error',
      comment: 'The polyfill falls away one day; only common/time will notice.',
      from: { path: '^src/', pathNot: '^src/common/time/' },
      to: { path: 'node_modules/temporal-polyfill/' },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      comment: 'Production installs without devDependencies.',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'must-resolve',
      severity: 'error',
      comment: 'A path that leads nowhere cannot be judged.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
