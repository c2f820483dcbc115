/** A body that each writing operation takes, by operation id; the tests parse them all. */
export const BODY_EXAMPLES: Record<string, Record<string, unknown>> = {
  exportChosenPrompts: { prompt: ['zero_shot', 'few_shot'], versions: 'all' },
  importPrompts: {
    files: [
      {
        path: 'communication/release_notes.md',
        text: '---\nname: release_notes\ntitle: Release notes\n---\nWrite release notes for {{ product }}.\n',
      },
    ],
    plan: { defaults: { category: 'communication', on_conflict: 'version' } },
  },
  createPrompt: {
    name: 'release_notes',
    category: 'communication',
    tags: ['writing'],
    template_content:
      'Write release notes for {{ product }}.\n{% if audience %}Readers: {{ audience }}.{% endif %}\nChanges:\n{{ changes }}',
    variables: [
      { name: 'product', type: 'string', required: true, description: 'Name of the product' },
      { name: 'changes', type: 'string', required: true, description: 'What changed, one line each' },
      { name: 'audience', type: 'string', required: false, description: 'Who reads them' },
    ],
    title: 'Release notes',
    description: 'Turns a list of changes into release notes.',
  },
  patchPrompt: { tags: ['writing', 'release'], category: 'communication' },
  bulkPrompts: {
    names: ['zero_shot', 'few_shot'],
    patch: { category: 'techniques', add_tags: ['reviewed'] },
  },
  createExample: { name: 'A small release', values: { product: 'Incipit', changes: 'Faster search' } },
  replaceExample: { values: { product: 'Incipit', changes: 'Faster search\nDark theme' } },
  duplicatePrompt: { name: 'release_notes_short' },
  getDraftImpact: {
    from: 'production',
    variables: ['topic', { name: 'tone', type: 'enum', enum: ['warm', 'dry'] }],
  },
  createVersion: {
    template_content: 'Write short release notes for {{ product }}.\nChanges:\n{{ changes }}',
    variables: ['product', 'changes'],
    message: 'Shorter',
    labels: ['staging'],
  },
  setLabel: { version: 2 },
  renderPrompt: {
    variables: { product: 'Incipit', changes: 'Faster search' },
    label: 'production',
  },
  renderDraft: {
    template_content: 'Hello {{ name }}!',
    variables: ['name'],
    values: { name: 'Ada' },
  },
  createCategory: { slug: 'marketing', name: 'Marketing', description: 'Texts that win people over' },
  mergeCategory: { into: 'communication' },
  orderCategories: {
    slugs: ['techniques', 'development', 'architecture', 'data', 'quality', 'communication'],
  },
  patchCategory: { name: 'Marketing and sales' },
  patchMe: { name: 'Ada Lovelace' },
  patchMember: { role: 'publisher', categories: ['marketing'] },
  createInvitation: { email: 'ada@example.org', role: 'editor' },
  createNote: { text: 'Moved to the larger model.', at: '2026-11-24T09:00:00Z', prompt: 'status_report' },
  saveView: { page: 'usage', name: 'Agents this week', query: 'range=7d&surface=mcp', shared: true },
  reportUses: {
    uses: [
      {
        prompt: 'release_notes',
        version: 2,
        label: 'production',
        variables: ['changes', 'product'],
        duration_us: 180,
      },
    ],
  },
  reportOutcome: {
    receipt: 'AQ…',
    outcome: 'failure',
    score: 0.25,
    note: 'It left out the second change.',
    metadata: { run: 'nightly' },
  },
  requestGeneration: {
    prompt: 'release_notes',
    variables: { product: 'Incipit', changes: 'Faster search' },
    configuration: 'writer',
    wait: 30,
  },
  retryGeneration: { configuration: 'writer' },
  requestGenerationBatch: {
    prompt: 'release_notes',
    inputs: [
      { variables: { product: 'Incipit', changes: 'Faster search' } },
      { variables: { product: 'Incipit', changes: 'Dark theme' } },
    ],
    configurations: ['writer'],
  },
  createAIConfiguration: {
    name: 'writer',
    provider: 'openai',
    model: 'gpt-6.1-sol',
    max_tokens: 2000,
    input_price_per_million: 2,
    output_price_per_million: 10,
    requests_per_minute: 60,
    monthly_cost_quota: 50,
  },
  patchAIConfiguration: { model: 'gpt-6.1-terra', input_price_per_million: 1, output_price_per_million: 5 },
  testAIConfiguration: { text: 'Say hello in one short sentence.' },
  createKey: { name: 'Support bot', preset: 'agent' },
  rotateKey: { overlap_hours: 48 },
  setLabelRule: { protected: true },
  createAlertRule: {
    name: 'Failed uses',
    condition: { kind: 'error_rate', threshold: 0.05, window_hours: 1, min_count: 20, label: 'production' },
    destinations: { webhooks: [], members: [] },
  },
  previewAlertRule: {
    condition: { kind: 'busy', threshold: 3, per: 'hour', min_count: 10 },
    days: 30,
  },
  patchAlertRule: { enabled: false },
  markAlertsRead: { until: '2026-11-30T12:00:00.000Z' },
  createWebhook: { name: 'On call', url: 'https://example.org/incipit', events: ['alert.fired'] },
  patchWebhook: { events: ['alert.fired', 'alert.resolved'] },
  rotateWebhookSecret: { overlap_hours: 24 },
  createClient: { name: 'Nightly report', kind: 'service', scopes: ['prompts:read'] },
  giveConsent: {
    query: 'response_type=code&client_id=https%3A%2F%2Fagent.example%2Fclient.json&redirect_uri=…',
    person: '0195f3c2-7c1e-7d3a-9b7e-2f6a8c1d4e5f',
    scopes: ['prompts:read'],
  },
}
