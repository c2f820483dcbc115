import { endpoint } from '../contract.ts'
import { dropMessageContract, readSystemContract, resendMessageContract } from './contract.ts'
import { dropMessage } from './operations/drop-message.ts'
import { readSystem } from './operations/read-system.ts'
import { resendMessage } from './operations/resend-message.ts'

/** What REST tells of the installation to those who look after it. */
export const systemRoutes = [
  endpoint(readSystemContract, readSystem, 'settings:write'),
  endpoint(resendMessageContract, resendMessage, 'settings:write'),
  endpoint(dropMessageContract, dropMessage, 'settings:write'),
]
