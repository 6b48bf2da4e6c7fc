package com.acme.mapper;

import java.util.List;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;

@Mapper
public interface A24MyBatis {
    @Select("SELECT id, name FROM customer WHERE name LIKE '%${name}%'")
    List<Customer> search(@Param("name") String name);
}
