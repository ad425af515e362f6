CREATE TABLE `reviews` (
	`entry` integer PRIMARY KEY NOT NULL,
	`release` integer,
	`of` text NOT NULL,
	`reminders` integer NOT NULL,
	`done_by` text,
	`done_at` integer,
	`note` text
);
--> statement-breakpoint
CREATE INDEX `reviews_waiting` ON `reviews` (`entry`) WHERE done_at is null;--> statement-breakpoint
CREATE INDEX `reviews_by_release` ON `reviews` (`release`);