import { DataPreview, PreviewDataInput } from "../data-previews";
import {
  CreateDataSetQuery,
  DataPartQuery,
  DataRows,
  DataSetSummary,
  DataSetView,
  ListDataRowsQuery,
  ListDataSetsQuery,
} from "../data-sets";
import { pageOf } from "../primitives";
import { type ApiRoute, IdParams, Nothing } from "./api-route";

export const DATA_SET_ROUTES = {
  listDataSets: {
    method: "GET",
    path: "/datasets",
    tag: "datasets",
    summary: "List uploaded data sets by name",
    access: "viewer",
    query: ListDataSetsQuery,
    output: pageOf(DataSetSummary),
  },
  createDataSet: {
    method: "POST",
    path: "/datasets",
    tag: "datasets",
    summary:
      "Upload a file as a data set, or as the next version of the one with this name; the body is its bytes",
    access: "operator",
    query: CreateDataSetQuery,
    rawBody: "application/octet-stream",
    output: DataSetView,
    status: 201,
  },
  getDataSet: {
    method: "GET",
    path: "/datasets/{id}",
    tag: "datasets",
    summary: "One data set with its versions and what was found in them",
    access: "viewer",
    params: IdParams,
    output: DataSetView,
  },
  deleteDataSet: {
    method: "DELETE",
    path: "/datasets/{id}",
    tag: "datasets",
    summary: "Delete a data set that no open run uses",
    access: "operator",
    params: IdParams,
    output: Nothing,
  },
  listDataRows: {
    method: "GET",
    path: "/datasets/{id}/rows",
    tag: "datasets",
    summary: "Rows of a version as the training reads them",
    access: "viewer",
    params: IdParams,
    query: ListDataRowsQuery,
    output: DataRows,
  },
  exportDataSet: {
    method: "GET",
    path: "/datasets/{id}/export",
    tag: "datasets",
    summary: "One part of a version as JSON lines",
    access: "viewer",
    params: IdParams,
    query: DataPartQuery,
    output: null,
    contentType: "application/octet-stream",
  },
  previewData: {
    method: "POST",
    path: "/nodes/{id}/data-preview",
    tag: "datasets",
    summary:
      "The first rows of a hub data set or a folder on a node as its training would read them, and what keeps them from it; takes up to a minute",
    access: "operator",
    params: IdParams,
    body: PreviewDataInput,
    output: DataPreview,
    maxBodyBytes: 4_194_304,
  },
} as const satisfies Record<string, ApiRoute>;
