import { join } from 'node:path'
import { root } from '../root.mjs'
import { takeFolderLock } from './folder-lock.mjs'
import { listenForStop, stopped } from './stop-order.mjs'

/**
 * Does work that changes the project's own folder (packages, client, build) while no other process does.
 * Running the app needs no such thing: several run from one folder.
 * @param {(lock: import('./folder-lock.mjs').FolderLock) => Promise<void>} work its programs end at the order to stop
 * @throws an expected error when the order to stop came
 */
export async function alone(work) {
  const stop = listenForStop()
  try {
    const lock = await takeFolderLock(join(root, '.launch.lock'), {
      onWait: (pid) =>
        console.error(`Process ${pid} installs or builds in this folder; waiting until it is done …`),
      isOver: stop.isAsked,
    })
    if (!lock) throw stopped()
    try {
      await work(lock)
    } catch (error) {
      throw stop.isAsked() ? stopped() : error
    } finally {
      lock.release()
    }
  } finally {
    stop.forget()
  }
}
