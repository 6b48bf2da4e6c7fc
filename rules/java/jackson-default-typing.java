import com.fasterxml.jackson.databind.ObjectMapper;

class Mappers {
    ObjectMapper a() {
        ObjectMapper mapper = new ObjectMapper();
        // ruleid: oreva.java.deserialization.jackson-default-typing
        mapper.enableDefaultTyping();
        // ruleid: oreva.java.deserialization.jackson-default-typing
        mapper.activateDefaultTyping(LaissezFaireSubTypeValidator.instance, ObjectMapper.DefaultTyping.NON_FINAL);
        return mapper;
    }

    ObjectMapper b() {
        // ok: oreva.java.deserialization.jackson-default-typing
        ObjectMapper mapper = new ObjectMapper();
        // ok: oreva.java.deserialization.jackson-default-typing
        mapper.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().allowIfBaseType(Shape.class).build());
        return mapper;
    }
}
