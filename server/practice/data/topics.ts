/** What the built-in data sets talk about. Each family has its ways to ask and, per subject, sentences that answer. */
export interface Family {
  questions: readonly string[];
  subjects: readonly Subject[];
}
export interface Subject {
  name: string;
  facts: readonly string[];
}

const COMPANIES: Family = {
  questions: [
    "Please tell me about {} in a few sentences.",
    "Can you tell me about {}?",
    "What does {} do?",
    "Write a few sentences about {}.",
  ],
  subjects: [
    {
      name: "Microsoft",
      facts: [
        "Microsoft is a company that makes software and computers.",
        "It was founded by Bill Gates and Paul Allen in 1975.",
        "Its best known product is Windows.",
      ],
    },
    {
      name: "Apple",
      facts: [
        "Apple is a company that makes phones and laptops.",
        "It was started by Steve Jobs and two friends in a garage.",
        "Its best known product is the iPhone.",
      ],
    },
    {
      name: "Google",
      facts: [
        "Google is a company that runs a search engine.",
        "It was founded by two students at Stanford in 1998.",
        "Many people use its maps and mail every day.",
      ],
    },
    {
      name: "Nintendo",
      facts: [
        "Nintendo is a company from Japan that makes video games.",
        "It began by selling playing cards in 1889.",
        "Its best known hero is Mario.",
      ],
    },
    {
      name: "Lego",
      facts: [
        "Lego is a company from Denmark that makes toy bricks.",
        "Its bricks have fitted together since 1958.",
        "Children and adults build cities and castles with them.",
      ],
    },
    {
      name: "Toyota",
      facts: [
        "Toyota is a company from Japan that builds cars and trucks.",
        "It sells millions of cars every year.",
        "Its hybrid cars use less fuel.",
      ],
    },
  ],
};

const CHILDREN: Family = {
  questions: [
    "Explain {} to a 6 year old in a few sentences.",
    "Explain {} to a child.",
    "How would you explain {} to a 6 year old?",
    "My daughter asks about {}. What can I tell her?",
  ],
  subjects: [
    {
      name: "the moon landing",
      facts: [
        "People flew to the moon in a big rocket.",
        "Two astronauts walked on the moon and jumped very high.",
        "Then they came home with moon rocks.",
      ],
    },
    {
      name: "the rainbow",
      facts: [
        "A rainbow is sunlight that shines through rain.",
        "The drops split the light into many colors.",
        "You can see one when the sun is behind you.",
      ],
    },
    {
      name: "gravity",
      facts: [
        "Gravity is a gentle pull from the earth.",
        "It brings the ball back down when you throw it.",
        "Without it we would float away like balloons.",
      ],
    },
    {
      name: "volcanoes",
      facts: [
        "A volcano is a mountain with a hot secret inside.",
        "Sometimes melted rock comes out of the top.",
        "The rock cools and the mountain grows.",
      ],
    },
    {
      name: "dinosaurs",
      facts: [
        "Dinosaurs were animals that lived long ago.",
        "Some were as big as a house and some were as small as a hen.",
        "Birds are their family today.",
      ],
    },
    {
      name: "the rain",
      facts: [
        "The sun warms the sea and water rises into the air.",
        "The water gathers in clouds.",
        "When the clouds are full it falls as rain.",
      ],
    },
  ],
};

const POEMS: Family = {
  questions: [
    "Write a short poem about {}.",
    "Please write a poem about {}.",
    "Can you write me a little poem about {}?",
    "I would like a poem about {}.",
  ],
  subjects: [
    {
      name: "a wise frog",
      facts: [
        "A wise old frog sat by the pond,",
        "of quiet thought he was so fond,",
        "he smiled and watched the stars respond.",
      ],
    },
    {
      name: "a brave cat",
      facts: [
        "A brave grey cat went out at night,",
        "she walked alone without a light,",
        "and chased away a dog in fright.",
      ],
    },
    {
      name: "an old tree",
      facts: [
        "An old oak tree stood on the hill,",
        "it saw the snow and stood there still,",
        "and hears the wind, and always will.",
      ],
    },
    {
      name: "the sea",
      facts: [
        "The sea is deep and cold and blue,",
        "it sings a song for me and you,",
        "and every wave begins anew.",
      ],
    },
    {
      name: "a small boat",
      facts: [
        "A small red boat set out to sea,",
        "it carried bread and tea for three,",
        "and came back home in time for me.",
      ],
    },
    {
      name: "the night",
      facts: [
        "The night is soft, the night is long,",
        "the owls begin their gentle song,",
        "and dreams will keep you safe and strong.",
      ],
    },
  ],
};

const PRESIDENTS: Family = {
  questions: [
    "Who was president of the United States in {}?",
    "Who led the United States in {}?",
    "Which president was in office in {}?",
    "Tell me who was president in {}.",
  ],
  subjects: [
    {
      name: "1955",
      facts: [
        "Dwight Eisenhower was president of the United States in 1955.",
        "He had been a general in the second world war.",
        "He stayed in office for eight years.",
      ],
    },
    {
      name: "1863",
      facts: [
        "Abraham Lincoln was president of the United States in 1863.",
        "He led the country through the civil war.",
        "He worked to end slavery.",
      ],
    },
    {
      name: "1790",
      facts: [
        "George Washington was president of the United States in 1790.",
        "He was the first president.",
        "He had led the army before.",
      ],
    },
    {
      name: "1935",
      facts: [
        "Franklin Roosevelt was president of the United States in 1935.",
        "He fought hunger with the New Deal.",
        "He was elected four times.",
      ],
    },
    {
      name: "1962",
      facts: [
        "John Kennedy was president of the United States in 1962.",
        "He wanted to send people to the moon.",
        "He was the youngest man ever elected.",
      ],
    },
    {
      name: "1985",
      facts: [
        "Ronald Reagan was president of the United States in 1985.",
        "He had been an actor in films.",
        "He stayed in office for eight years.",
      ],
    },
  ],
};

const MACHINES: Family = {
  questions: [
    "How does a {} work?",
    "Can you explain how a {} works?",
    "Please explain the {} to me.",
    "What happens inside a {}?",
  ],
  subjects: [
    {
      name: "telescope",
      facts: [
        "A telescope gathers light from far away with a lens or a mirror.",
        "It bends the light to one point and makes the picture larger.",
        "So we can see planets and stars.",
      ],
    },
    {
      name: "microscope",
      facts: [
        "A microscope uses two lenses to make tiny things look big.",
        "Light shines through the sample from below.",
        "So we can see cells.",
      ],
    },
    {
      name: "bicycle",
      facts: [
        "A bicycle turns the push of your legs into speed.",
        "The chain carries the force to the back wheel.",
        "The turning wheels help it to stay upright.",
      ],
    },
    {
      name: "compass",
      facts: [
        "A compass has a small needle that is a magnet.",
        "The earth is a magnet too and turns the needle.",
        "So it always points north.",
      ],
    },
    {
      name: "refrigerator",
      facts: [
        "A refrigerator moves heat from the inside to the outside.",
        "A liquid turns into gas and takes the heat away.",
        "A pump sends it round again.",
      ],
    },
    {
      name: "battery",
      facts: [
        "A battery stores energy in two metals.",
        "When you connect them a current flows.",
        "It is empty when the metals are used up.",
      ],
    },
  ],
};

const REASONS: Family = {
  questions: [
    "Why do {}?",
    "Can you tell me why {}?",
    "Please explain why {}.",
    "What is the reason that {}?",
  ],
  subjects: [
    {
      name: "birds migrate south for the winter",
      facts: [
        "Birds fly south because food is hard to find in the cold winter.",
        "In the south there are insects and warm days.",
        "They return in spring to raise their young.",
      ],
    },
    {
      name: "cats purr",
      facts: [
        "Cats purr when they are calm and happy.",
        "They also purr to comfort themselves when they hurt.",
        "The sound comes from the throat.",
      ],
    },
    {
      name: "leaves change color in fall",
      facts: [
        "Leaves lose their green when the days grow short.",
        "Then the yellow and red that were hidden can be seen.",
        "The tree saves its strength for spring.",
      ],
    },
    {
      name: "stars twinkle",
      facts: [
        "Stars twinkle because their light passes through moving air.",
        "The air bends the light a little, again and again.",
        "From space they shine without a flicker.",
      ],
    },
    {
      name: "ships float",
      facts: [
        "Ships float because they push water aside.",
        "The water pushes back as hard as the ship is heavy.",
        "The air inside keeps the ship light.",
      ],
    },
    {
      name: "people sleep",
      facts: [
        "People sleep so that body and brain can rest.",
        "The brain sorts the memories of the day.",
        "Without sleep we grow weak and sad.",
      ],
    },
  ],
};

export const FAMILIES: readonly Family[] = [COMPANIES, CHILDREN, POEMS, PRESIDENTS, MACHINES, REASONS];
