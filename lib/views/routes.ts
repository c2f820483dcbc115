import { endpoint } from '../contract.ts'
import { deleteViewContract, listViewsContract, saveViewContract } from './contract.ts'
import { deleteView } from './operations/delete-view.ts'
import { listViews } from './operations/list-views.ts'
import { saveView } from './operations/save-view.ts'

/** The REST endpoints of saved views, in the order of the OpenAPI document. */
export const viewRoutes = [
  endpoint(listViewsContract, listViews, 'usage:read'),
  endpoint(saveViewContract, saveView, 'usage:read'),
  endpoint(deleteViewContract, deleteView, 'usage:read'),
]
