import { endpoint } from '../contract.ts'
import {
  createCategoryContract,
  deleteCategoryContract,
  listCategoriesContract,
  mergeCategoryContract,
  orderCategoriesContract,
  patchCategoryContract,
} from './contract.ts'
import { createCategory } from './operations/create-category.ts'
import { deleteCategory } from './operations/delete-category.ts'
import { listCategories } from './operations/list-categories.ts'
import { mergeCategory } from './operations/merge-category.ts'
import { orderCategories } from './operations/order-categories.ts'
import { patchCategory } from './operations/patch-category.ts'

/** What REST offers of categories, in the order of its document. */
export const categoryRoutes = [
  endpoint(listCategoriesContract, listCategories, 'prompts:read'),
  endpoint(createCategoryContract, createCategory, 'prompts:write'),
  endpoint(patchCategoryContract, patchCategory, 'prompts:write'),
  endpoint(deleteCategoryContract, deleteCategory, 'prompts:write'),
  endpoint(mergeCategoryContract, mergeCategory, 'prompts:write'),
  endpoint(orderCategoriesContract, orderCategories, 'prompts:write'),
]
