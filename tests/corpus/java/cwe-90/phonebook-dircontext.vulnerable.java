package com.example.phonebook;

import java.util.ArrayList;
import java.util.List;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.*;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.*;

@RestController
class PhonebookController {
    private final PhonebookService phonebook;

    PhonebookController(PhonebookService phonebook) {
        this.phonebook = phonebook;
    }

    @GetMapping("/phonebook")
    List<String> search(@RequestParam String name, @RequestParam(required = false) String unit) throws NamingException {
        return phonebook.numbers(name, unit);
    }
}

@Service
class PhonebookService {
    private DirContext context;

    List<String> numbers(String name, String unit) throws NamingException {
        SearchControls controls = new SearchControls();
        controls.setSearchScope(SearchControls.SUBTREE_SCOPE);
        String filter = "(cn=*" + name + "*)";
        if (unit != null) {
            filter = "(&" + filter + "(ou=" + unit + "))";
        }
        NamingEnumeration<SearchResult> results = context.search("ou=people,dc=example", filter, controls);
        List<String> numbers = new ArrayList<>();
        while (results.hasMore()) {
            Attribute number = results.next().getAttributes().get("telephoneNumber");
            if (number != null) {
                numbers.add(String.valueOf(number.get()));
            }
        }
        return numbers;
    }
}
