// A room whose first source is not written yet.
