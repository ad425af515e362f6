CREATE TABLE `roles` (
	`id` integer PRIMARY KEY NOT NULL,
	`lines` text NOT NULL
);
