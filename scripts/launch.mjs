// Every npm command goes through here. Until the packages are installed there is nothing but Node's own
// modules, so whatever needs a package is loaded later.
import { commands } from './launch/commands.mjs'

const [name, ...args] = process.argv.slice(2)
const command = commands[name]

if (!command) {
  console.error(`Unknown command "${name ?? ''}". There are: ${Object.keys(commands).join(', ')}.`)
  process.exit(2)
}
try {
  process.exitCode = await command(args)
} catch (error) {
  console.error(error.expected ? `\n${error.message}\n` : error)
  process.exitCode = error.exitCode ?? 1
}
