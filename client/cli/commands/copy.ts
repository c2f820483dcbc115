import { type CopyItem, copy } from '../../sync/copy.ts'
import { type Command, EXIT, type Given, type Result, usage } from '../command.ts'
import { connectTo } from '../connection.ts'

export const copyCommand: Command = {
  name: 'copy',
  words: '[NAME…]',
  summary: 'bring prompts from one instance to another',
  details: `Makes what one instance has under a label the newest version of another, with categories and tags; what is like
that already makes nothing, so that it can be done again. Each side is a profile (incipit login) or an address.

  incipit copy --from staging --to production --label production --set-label production`,
  options: {
    from: { type: 'string', value: 'PROFILE|URL', help: 'Where prompts are read' },
    to: { type: 'string', value: 'PROFILE|URL', help: 'Where they are written' },
    label: { type: 'string', value: 'LABEL', help: 'Which versions of the source. Default: production' },
    'set-label': { type: 'string', value: 'LABEL', help: 'Moves this label to the copies' },
    'accept-breaking': { type: 'boolean', help: 'Move it although callers would be refused' },
    category: { type: 'string', value: 'SLUG', help: 'Only prompts of this category' },
    tag: { type: 'string', value: 'TAG', help: 'Only prompts with this tag' },
    message: {
      type: 'string',
      short: 'm',
      value: 'TEXT',
      help: 'Message of the versions. Default: their own',
    },
    'dry-run': { type: 'boolean', help: 'Tell what would happen, and change nothing' },
  },
  run,
}

async function run(given: Given): Promise<Result> {
  const [source, target] = [given.text('from'), given.text('to')]
  if (source === undefined || target === undefined)
    throw usage('Name both sides: incipit copy --from staging --to production')
  const [from, to] = [await connectTo(source), await connectTo(target)]
  if (from.url === to.url) throw usage('Both sides are the same instance.')
  const items: CopyItem[] = []
  const dryRun = given.flag('dry-run')
  await copy(
    from,
    to,
    {
      label: given.text('label') ?? 'production',
      filter: { category: given.text('category'), tag: given.text('tag') },
      names: given.words,
      setLabel: given.text('set-label'),
      acceptBreaking: given.flag('accept-breaking'),
      message: given.text('message'),
      dryRun,
    },
    (item) => items.push(item),
  )
  const isNo = items.some(({ action }) => action === 'refused')
  const told = items.filter(({ action }) => action !== 'unchanged')
  return {
    code: isNo ? EXIT.no : EXIT.well,
    lines: [
      ...told.map(({ name, action, version, message }) => {
        const number = version === undefined ? '' : ` (version ${version})`
        return `${action.padEnd(12)} ${name}${number}${message === undefined ? '' : `: ${message}`}`
      }),
      `${told.length} changed or refused, ${items.length - told.length} as before${dryRun ? '; nothing was changed' : ''}.`,
    ],
    data: { from: from.url, to: to.url, dry_run: dryRun, items },
  }
}
