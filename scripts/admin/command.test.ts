import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Commands, help, overview, readCommandLine, UsageError } from './command.ts'

const COMMANDS: Commands = {
  'things move': {
    as: 'program',
    args: ['THING', '[PLACE]'],
    options: { far: { does: 'further' }, by: { value: 'WHO', does: 'who moves it' } },
    does: 'moves a thing',
    example: 'npm run admin -- things move this',
    run: async () => ({ text: '', data: {} }),
  },
  look: {
    as: 'program',
    does: 'looks',
    example: 'npm run admin -- look',
    run: async () => ({ text: '', data: {} }),
  },
}
const read = (...args: string[]) => readCommandLine(args, COMMANDS)

beforeEach(() => void vi.stubEnv('npm_lifecycle_event', 'admin'))
afterEach(() => void vi.unstubAllEnvs())

describe('the command line of the operator', () => {
  it('has a name of one word or two, values and options in any order', () => {
    expect(read('things', 'move', 'a', '--by', 'Ada', 'b', '--json')).toEqual({
      name: 'things move',
      wantsHelp: false,
      isJson: true,
      given: { values: ['a', 'b'], options: { by: 'Ada' } },
    })
    expect(read('look')).toMatchObject({ name: 'look', isJson: false })
  })

  it('asks for help in every way that people try', () => {
    for (const args of [[], ['help'], ['--help'], ['-h']])
      expect(read(...args)).toMatchObject({ name: undefined })
    expect(read('things', 'move', '--help')).toMatchObject({ name: 'things move', wantsHelp: true })
  })

  it.each([
    [['nothing'], 'There is no command "nothing"'],
    [['things'], /no command "things"[^]*things move(?![^]*looks)/],
    [['things', 'move'], /^THING is missing\.\n\nnpm run admin -- things move THING \[PLACE\]/],
    [['things', 'move', 'a', 'b', 'c'], '"c" is too much.'],
    [['look', '--far'], 'far'],
    [['things', 'move', 'a', '--by'], 'by'],
  ])('refuses %j with the way out', (args, message) => {
    expect(() => read(...args)).toThrow(UsageError)
    expect(() => read(...args)).toThrow(message)
  })

  it('is described by its commands', () => {
    expect(overview(COMMANDS)).toContain('things move THING [PLACE]')
    const command = COMMANDS['things move']
    expect(command && help('things move', command)).toContain('--by WHO')
  })
})
