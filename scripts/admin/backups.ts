import { verifyBackup } from '#lib/db/backup/read.ts'
import { pathOf } from '../database/arguments.ts'
import { makeBackup } from '../database/make-backup.ts'
import { knownMigrations } from '../database/read-backup.ts'
import { restoreBackup } from '../database/restore-backup.ts'
import { type DrillReport, drill } from '../database/restore-drill.ts'
import type { Answer, Commands } from './command.ts'

export const backupCommands = {
  backup: {
    as: 'program',
    args: ['[FILE]'],
    does: 'writes everything in the database to a new file, or to stdout (-), while instances run',
    more: 'The file is read from end to end before it takes its name, and replaces none. It is npm run backup.',
    example: 'npm run --silent admin -- backup - | age -r RECIPIENT > incipit.backup.gz.age',
    takesStdout: ({ values: [name] }) => name === '-',
    async run({ values: [name] }) {
      const { rows, file, text } = await makeBackup(name)
      return { text, data: { rows, file } }
    },
  },
  'backup-verify': {
    as: 'program',
    args: ['FILE'],
    does: 'reads a backup from end to end, without a database',
    example: 'npm run admin -- backup-verify incipit.backup.gz',
    async run({ values: [name = ''] }) {
      const file = pathOf(name)
      const rows = await verifyBackup(file, await knownMigrations())
      return { text: `${file} is whole: ${rows} rows.`, data: { file, rows } }
    },
  },
  restore: {
    as: 'program',
    args: ['FILE'],
    does: 'loads a backup into the empty database of the settings',
    example: 'npm run admin -- restore incipit.backup.gz',
    async run({ values: [name = ''] }) {
      const file = pathOf(name)
      const { rows, text } = await restoreBackup(file)
      return { text, data: { file, rows } }
    },
  },
  'restore-drill': {
    as: 'program',
    args: ['FILE'],
    options: {
      beside: {
        does: 'a database beside the one in use, made for it and dropped, in place of a server of its own',
      },
    },
    does: 'restores a backup into a database that is thrown away, and proves that all of it is there',
    more: 'Every table is counted and summed up against the file, and prompts are rendered. The database in use is not touched; without --beside it may be away.',
    example: 'npm run admin -- restore-drill incipit.backup.gz',
    async run({ values: [name = ''], options }) {
      return answerOf(await drill(pathOf(name), { isBeside: options.beside === true }))
    },
  },
} satisfies Commands

const SECRETS = {
  fits: 'The secret of this machine opens the keys that are stored in it.',
  other:
    'The keys that are stored in it were sealed with another INCIPIT_SECRET than that of this machine: keep that one with the backup.',
  'not needed': 'Nothing in it is sealed.',
} as const

function answerOf(report: DrillReport): Answer {
  const { file, good, tables, rows, prompts, migrations, secret, seconds, backup_of } = report
  const wrong = tables.filter(({ same }) => !same).map(({ name }) => name)
  const lines = [
    `${good ? 'This backup is good' : 'THIS BACKUP IS NOT GOOD'}: ${file}, made ${backup_of}.`,
    wrong.length === 0
      ? `All ${rows} rows of ${tables.length} tables were restored as they are in the file.`
      : `Rows differ from the file in: ${wrong.join(', ')}.`,
    `${migrations.had} migrations were in it, ${migrations.added} were applied after it.`,
    `${prompts.rendered} prompts were rendered.`,
    ...(prompts.without_values.length === 0
      ? []
      : [`Not rendered, for want of examples: ${prompts.without_values.join(', ')}.`]),
    ...prompts.failed.map(({ name, reason }) => `"${name}" cannot be rendered: ${reason}`),
    SECRETS[secret],
    `It took ${seconds} s.`,
  ]
  return { text: lines.join('\n'), data: report, isBad: !good }
}
