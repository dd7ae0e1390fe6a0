export { createAwsAdapter, type AwsAdapterOptions } from './aws/aws.adapter';
