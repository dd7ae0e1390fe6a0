export { createAzureAdapter, type AzureAdapterOptions } from './azure/azure.adapter';
