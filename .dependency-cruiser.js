/**
 * The direction of imports, checked as errors without a baseline:
 * app → lib/door, lib/rest, lib/mcp → lib/<domain>/operations → lib/db, lib/ai/providers → lib/config, lib/errors.
 */

// Rooms of lib that are no domain.
const NOT_A_DOMAIN = 'boot|door|rest|mcp|db|config|telemetry|testing'
const DOMAIN = `^lib/(?!(?:${NOT_A_DOMAIN})/)([^/]+)/`
// Protocols of domains: they meet the door as lib/rest does.
const PROTOCOL = '^lib/(people/auth|oauth|site|repositories)/protocol[a-z-]*\\.ts$'
const TEST = '(\\.(test|integration\\.test)|/testing)\\.tsx?$'
// What a browser may load of lib.
const RUNS_ANYWHERE =
  '^lib/([^/]+/(schema|rules|[a-z-]*-schema|slug|contract|[a-z-]*-contract|template|name)\\.ts|liquid/.*|config/numbers\\.ts|ai/token-estimate\\.ts|generations/status\\.ts|prompts/(content/(content|content-fields|printed)\\.ts|variables/.*|template/.*|comparison/.*|impact/(schema|contract-changes)\\.ts|skill/(schema|contract)\\.ts)|transfer/(source\\.ts|(file|convert)/.*)|contract\\.ts|page\\.ts|slug\\.ts|text\\.ts|time\\.ts|errors\\.ts|rest/client\\.ts)$'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle means two files are one thing, or one thing is in the wrong file.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-imports-app',
      severity: 'error',
      from: { pathNot: '^app/' },
      to: { path: '^app/' },
    },
    {
      name: 'domains-know-no-door',
      severity: 'error',
      comment: 'A domain never sees a request, a page or a protocol.',
      from: { path: DOMAIN, pathNot: `${PROTOCOL}|${TEST}` },
      to: {
        path: '^(lib/(door|rest|mcp)/|components/|inngest/)|^node_modules/(next|react|react-dom|@modelcontextprotocol)/',
      },
    },
    {
      name: 'domains-meet-at-operations',
      severity: 'error',
      comment:
        'Another domain is reached through its operations, its schema or what it publishes as pure rules.',
      from: { path: DOMAIN, pathNot: TEST },
      to: {
        path: '^lib/(categories|labels|audit|tags|generations|usage|ai|prompts)/',
        pathNot: [
          '^lib/$1/',
          '/operations/',
          '/(schema|[a-z-]*-schema|rules|slug|name|content|variables|record|listing)\\.ts$',
          '^lib/ai/calls/addresses\\.ts$',
          '^lib/ai/(cost|token-estimate|run-settings|providers/(provider|failure))\\.ts$',
          // Sealed columns, and the guarded way out.
          '^lib/ai/(secrets/sealing|calls/guarded-fetch)\\.ts$',
          // What one attempt of a run is made of.
          '^lib/ai/(limits/(estimate|reserve|settle|lock)-\\w+|calls/(call-model|call-plan))\\.ts$',
          '^lib/generations/runs/redact-generations\\.ts$',
        ],
      },
    },
    {
      name: 'database-knows-no-domain',
      severity: 'error',
      from: { path: '^lib/(db|config)/', pathNot: TEST },
      to: {
        path: '^lib/(door|rest|mcp|prompts|liquid|categories|labels|audit|tags|usage|health|generations|ai)/',
      },
    },
    {
      name: 'telemetry-knows-no-domain',
      severity: 'error',
      comment: 'Domains tell it in plain facts what they do.',
      from: { path: '^lib/telemetry/', pathNot: TEST },
      to: {
        path: '^lib/',
        pathNot: '^lib/((telemetry|config)/|access/actor\\.ts|(errors|log|metrics|runtime|version)\\.ts$)',
      },
    },
    {
      name: 'the-language-stands-alone',
      severity: 'error',
      comment: 'Liquid is texts and values: it knows no prompt, and takes what everybody has.',
      from: { path: '^lib/liquid/', pathNot: TEST },
      to: { path: '^lib/', pathNot: '^lib/(liquid/|(errors|slug|text)\\.ts$)' },
    },
    {
      name: 'schema-runs-anywhere',
      severity: 'error',
      comment: 'Browser and server share these files.',
      from: { path: RUNS_ANYWHERE, pathNot: TEST },
      to: { path: '^lib/', pathNot: RUNS_ANYWHERE, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'schema-without-node',
      severity: 'error',
      from: { path: RUNS_ANYWHERE, pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'components-see-the-public-api-alone',
      severity: 'error',
      from: { path: '^components/', pathNot: TEST },
      to: { path: '^lib/', pathNot: RUNS_ANYWHERE, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-client-takes-what-runs-anywhere',
      severity: 'error',
      comment:
        'The package client/ is sent to other machines: of ours it holds the language, the form of files, and what both need.',
      from: { path: '^client/', pathNot: TEST },
      to: {
        path: '^(lib|app|components|inngest|scripts|packages|prisma)/',
        pathNot: `${RUNS_ANYWHERE}|^lib/prompts/content/checksum\\.ts$`,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nothing-imports-the-client',
      severity: 'error',
      from: { pathNot: '^client/' },
      to: { path: '^client/' },
    },
    {
      name: 'theme-has-no-domain-words',
      severity: 'error',
      from: { path: '^components/ui/' },
      to: { path: '^(components/(?!ui/)|lib/)' },
    },
    {
      name: 'spans-know-no-list',
      severity: 'error',
      comment: 'Which span is shown is chosen in the same way wherever there are times.',
      from: { path: '^components/spans/' },
      to: { path: '^components/(?!(spans|ui)/|shell/address-parsers\\.ts$)' },
    },
    {
      name: 'pages-and-routes-hold-no-queries',
      severity: 'error',
      from: { path: '^app/' },
      to: { path: '^lib/db/|^node_modules/(pg|@prisma)/' },
    },
    {
      name: 'product-code-knows-no-tests',
      severity: 'error',
      from: {
        pathNot: `^(lib/testing|packages/[^/]+/(suite|testing)|e2e|scripts|bench)/|${TEST}|^[^/]+\\.config\\.(ts|js)$`,
      },
      to: { path: `^(lib/testing|packages/[^/]+/(suite|testing)|e2e|bench)/|${TEST}` },
    },
    {
      name: 'server-entry-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^server\\.js$' },
      to: { path: '^(lib|app|components|inngest|scripts)/' },
    },
    {
      name: 'lib-knows-no-functions',
      severity: 'error',
      comment:
        'instrumentation.ts starts what works in the background; lib/jobs.ts is where domains meet it.',
      from: { path: '^lib/' },
      to: { path: '^inngest/|^node_modules/(inngest|pg-boss)/' },
    },
    {
      name: 'functions-are-reached-by-two-doors',
      severity: 'error',
      comment: 'Nothing but the start and the route that serves them imports functions.',
      from: { path: '^(app|components|instrumentation)' },
      to: { path: '^inngest/', pathNot: '^inngest/(start|route|events)\\.ts$' },
    },
    {
      name: 'the-embedded-runner-stands-alone',
      severity: 'error',
      comment: 'It is a package of its own: nothing of this app is in it.',
      from: { path: '^packages/inngest-embedded/' },
      to: { path: '^(lib|app|components|inngest|scripts|e2e|bench|prisma)/' },
    },
    {
      name: 'the-embedded-runner-has-one-door',
      severity: 'error',
      comment: 'Its package.json says what it exports.',
      from: { pathNot: '^packages/inngest-embedded/' },
      to: {
        path: '^packages/inngest-embedded/',
        pathNot: '^packages/inngest-embedded/(src/runner|testing/server-double)\\.ts$',
      },
    },
    {
      name: 'opentelemetry-is-loaded-where-it-is-switched-on',
      severity: 'error',
      comment: 'Where nothing is traced none of it is loaded; lib/telemetry/sdk is, by import().',
      from: { path: '^(app|lib|components|inngest)/', pathNot: `^lib/(telemetry/sdk|testing)/|${TEST}` },
      to: { path: '^(node_modules/@opentelemetry|lib/telemetry/sdk)/', dynamic: false },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'production-uses-no-dev-dependency',
      severity: 'error',
      from: { path: '^(app|client|lib|components|inngest)/', pathNot: `^lib/testing/|${TEST}` },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(lib/db/generated|next-env\\.d\\.ts)|(^|/)\\.next' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css'],
    },
  },
}
