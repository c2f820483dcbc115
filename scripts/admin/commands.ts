import { backupCommands } from './backups.ts'
import type { Commands } from './command.ts'
import { configurationCommands } from './configurations.ts'
import { inspectionCommands } from './inspection.ts'
import { keyCommands } from './keys.ts'
import { labelCommands } from './labels.ts'
import { peopleCommands } from './people.ts'
import { upkeepCommands } from './upkeep.ts'
import { usageCommands } from './usage.ts'

/** All that an operator can do, by its name. */
export const COMMANDS: Commands = {
  ...inspectionCommands,
  ...peopleCommands,
  ...keyCommands,
  ...labelCommands,
  ...configurationCommands,
  ...upkeepCommands,
  ...usageCommands,
  ...backupCommands,
}
