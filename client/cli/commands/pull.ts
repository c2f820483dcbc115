import { type Lock, writeLock } from '../../files/lock.ts'
import { type PullItem, pull } from '../../sync/pull.ts'
import { type Command, EXIT, FOLDER, type Given, type Result } from '../command.ts'
import { assertSameInstance, connect } from '../connection.ts'
import { shown, type Workplace, workplace } from '../workplace.ts'

export const pullCommand: Command = {
  name: 'pull',
  words: '[NAME…]',
  summary: 'bring the prompts of the instance into a folder',
  details: `Writes each prompt as a file, in a folder of its category, and notes in incipit.lock which version it is.
Changes of yours stay: where both sides changed, the texts are merged, and what cannot be merged stands in the
file between markers like git's. Files of prompts that are gone are removed, unless you changed them.`,
  options: {
    ...FOLDER,
    label: {
      type: 'string',
      value: 'LABEL',
      help: 'Which version. Default: the one of the last pull, else latest',
    },
    category: { type: 'string', value: 'SLUG', help: 'Only prompts of this category' },
    force: { type: 'boolean', help: 'Take what the instance has in place of changes of yours' },
    'dry-run': { type: 'boolean', help: 'Tell what would happen, and write nothing' },
  },
  run,
}

async function run(given: Given): Promise<Result> {
  const place = await workplace(given)
  const registry = await connect(given, place.lock)
  const lock: Lock = place.lock ?? { url: '', label: 'latest', prompts: new Map() }
  assertSameInstance(lock, registry)
  const label = given.text('label') ?? lock.label
  const dryRun = given.flag('dry-run')
  const options = {
    label,
    names: given.words,
    category: given.text('category'),
    dryRun,
    force: given.flag('force'),
  }
  let items: PullItem[]
  try {
    items = await pull(registry, place.folder, lock, options)
  } finally {
    // What was written before a failure is noted.
    if (!dryRun && (place.lock !== undefined || lock.prompts.size > 0))
      await writeLock(place.folder.place, { ...lock, url: registry.url, label })
  }
  const isNo = items.some(({ action }) => action === 'conflict' || action === 'in the way')
  return {
    code: isNo ? EXIT.no : EXIT.well,
    lines: linesOf(items, place, dryRun),
    data: { url: registry.url, label, dry_run: dryRun, items },
  }
}

function linesOf(items: readonly PullItem[], place: Workplace, dryRun: boolean): string[] {
  const told = items.filter(({ action }) => action !== 'unchanged')
  const unchanged = items.length - told.length
  return [
    ...told.map(({ action, file, version, message }) => {
      const number = version === undefined ? '' : ` (version ${version})`
      return `${action.padEnd(12)} ${shown(place, file)}${number}${message === undefined ? '' : `: ${message}`}`
    }),
    `${told.length} changed, ${unchanged} as before${dryRun ? '; nothing was written' : ''}.`,
  ]
}
