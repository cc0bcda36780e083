-- Templates that grow, and that reach for what is not theirs.

--- sections in sections over one list | template | stopped E0212
Subject: x
--* 15 {{#items}}
x
--* 15 {{/items}}

--- sections in sections with nothing inside | template | stopped E0212
Subject: x
--* 15 {{#items}}
--* 15 {{/items}}
x

--- sections over one list under other names | template | stopped E0212
Subject: x
--* 5 {{#event.items}}{{#items}}{{#.}}
x
--* 5 {{/.}}{{/items}}{{/event.items}}

--- a long value in each item of a long list | template | stopped E0212
Subject: x
{{#items}}{{long}}{{/items}}

--- sections that lie too deep | template | refused E0212
Subject: x
--* 20 {{#items}}
x
--* 20 {{/items}}

--- a template in a template | template | refused E0212
Subject: x
{{> hello}} --!

--- delimiters of its own | template | refused E0212
Subject: x
{{=<% %>=}} <%x%> --!

--- a tag that never closes | template | refused E0212
Subject: x
--* 1 {{
--* 5000 x

--- a section that never closes | template | refused E0212
Subject: x
{{#items}} x --!

--- ten thousand sections beside each other | template | harmless
Subject: x
--* 5000 {{#items}}{{/items}}
x

--- a path of ten thousand steps in a tag | template | harmless
Subject: x
--* 1 {{a
--* 10000 .a
}} x

--- a function among the values of a text | send data | stopped E0109
return { first_name = function() while true do end end }
