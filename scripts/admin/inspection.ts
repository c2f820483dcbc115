import { pathOf } from '../database/arguments.ts'
import { root } from '../root.mjs'
import { writeBundle } from './bundle/bundle.ts'
import type { Commands } from './command.ts'
import { examine } from './doctor/doctor.ts'
import { printFindings } from './doctor/finding.ts'

/** The launcher tells why it could not open the database. */
const PROBLEM = 'INCIPIT_DATABASE_PROBLEM'

export const inspectionCommands = {
  doctor: {
    as: 'program',
    does: 'looks at everything that an operator can do something about, and changes nothing',
    more: 'It works while the app is stopped, and while the database is away. Each finding says what is seen, what to do and where it is explained. The exit code is 1 when there is a problem; warnings leave it at 0.',
    example: 'npm run --silent admin -- doctor --json',
    async run() {
      const findings = await examine({ root, ...surroundings() })
      const isBad = findings.some(({ status }) => status === 'problem')
      return { text: printFindings(findings), data: { healthy: !isBad, findings }, isBad }
    },
  },
  bundle: {
    as: 'program',
    args: ['FILE'],
    options: {
      log: { value: 'FILE', does: 'a log of the app: its last lines go in, without what requests said' },
      'key-file': {
        value: 'FILE',
        does: 'a file with the personal key of an admin, for metrics:read and settings:write, where there are accounts',
      },
    },
    does: 'writes what support needs to know into a new zip file, without secrets and texts of prompts',
    example: 'npm run admin -- bundle incipit-support.zip --log /var/log/incipit.log',
    async run({ values: [name = ''], options }) {
      const file = pathOf(name)
      const { names, lacks } = await writeBundle(file, {
        root,
        ...surroundings(),
        log: fileOf(options.log),
        keyFile: fileOf(options['key-file']),
      })
      return {
        text: [
          `${file} has ${names.join(', ')}.`,
          ...new Set(lacks),
          'Look into it before you send it.',
        ].join('\n'),
        data: { file, names, lacks },
      }
    },
  },
} satisfies Commands

function surroundings() {
  const { [PROBLEM]: databaseProblem, ...environment } = process.env
  return { environment, databaseProblem }
}

function fileOf(option: string | boolean | undefined): string | undefined {
  return typeof option === 'string' ? pathOf(option) : undefined
}
