return contact {}
