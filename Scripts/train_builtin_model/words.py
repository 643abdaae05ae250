"""Pools of words that have to be copied: so large, and one in four made up, that learning them by heart is no help."""

NAMES = """Anna Ben Clara David Emma Felix Grace Henry Ida Jack Kate Leo Mia Noah Olga Paul Rosa Sam Tina Victor Wendy Ali Maria Tom Lucy
Peter Nina Omar Julia Max Bob Alice Carol Dan Eve Frank Gina Hugo Iris John Karl Lena Mark Nora Otto Pia Quinn Ruth Sara Theo Uma Vera Will
Xenia Yusuf Zoe Adam Bella Chris Dora Eric Fiona George Hanna Ivan Jane Kevin Laura Mike Nadia Oscar Paula Ralph Sonia Tim Ursula Vincent
Walter Yara Amir Bianca Cem Dilara Elif Fatima Goran Hiro Ines Jamal Kenji Leila Mateo Nikhil Oksana Priya Rafael Svetlana Tariq Ulrich
Viktor Wei Yuki Zara Arthur Beatrice Cecil Daisy Edgar Flora Gustav Helen Isaac Joan Kirk Lola Martin Nancy Oliver Penny Robin Steve Tracy
Vivian Wanda Albert Betty Carlos Diego Elena Fred Gloria Harry Ingrid Jonas Klara Louis Monica Nelson Opal Pedro Rita Simon Teresa Hassan
Jim Joe Kim Lee Liam Luke Mary Matt Nick Pam Pete Ray Rob Ron Rose Roy Sally Sean Sue Ted Tony James Mohamed Aisha Chloe Dylan Ethan Freya
Gavin Heidi Imran Jasmin Kofi Linus Mira Nils Odin Petra Rahul Sven Tessa Vlad Yasmin Zoltan""".split()

CITIES = """Rome Paris Oslo Berlin Madrid Vienna Lima Cairo Tokyo Boston Athens Dublin Prague Seoul Delhi Bern London Lisbon Warsaw Havana
Hamburg Munich Zurich Geneva Milan Turin Venice Naples Florence Genoa Lyon Nice Bordeaux Brussels Antwerp Rotterdam Utrecht Copenhagen Malmo
Stockholm Helsinki Tampere Bergen Riga Vilnius Tallinn Minsk Kiev Odessa Moscow Sofia Zagreb Split Belgrade Budapest Krakow Gdansk Dresden
Leipzig Cologne Bonn Graz Linz Salzburg Basel Porto Seville Valencia Bilbao Toledo Leeds York Oxford Bath Bristol Glasgow Cork Belfast Ankara
Izmir Baghdad Tehran Kabul Karachi Lahore Mumbai Chennai Dhaka Hanoi Bangkok Manila Jakarta Osaka Kyoto Nagoya Busan Beijing Shanghai Taipei
Sydney Perth Cairns Hobart Auckland Suva Quito Bogota Caracas Santiago Asuncion Montevideo Recife Brasilia Denver Dallas Houston Miami Tampa
Austin Chicago Detroit Seattle Portland Phoenix Omaha Toronto Ottawa Quebec Calgary Nairobi Lagos Accra Dakar Tunis Algiers Rabat Cape-Town
Harare Lusaka Kampala Maputo Luanda Windhoek Doha Dubai Muscat Amman Beirut Jaffa Haifa Tbilisi Baku Yerevan Astana
Ulan-Bator""".split()
CITIES = [city.replace("-", " ") for city in CITIES]

THINGS = """apples pears books coins stamps cards marbles pens eggs shells stones cakes balls flowers letters tickets nuts plums buttons keys
cups photos songs seeds candles toys boxes bottles lemons roses cookies sweets pencils dolls chairs plates bananas oranges peaches melons
cherries grapes figs onions carrots potatoes tomatoes peppers beans mushrooms loaves rolls pies buns tarts muffins pizzas sandwiches bowls
spoons forks knives glasses mugs jars pots pans towels pillows blankets sheets shirts socks shoes hats gloves scarves coats belts rings
pearls beads ribbons threads needles hooks nails screws bolts bricks tiles planks pipes ropes wires lamps bulbs clocks watches radios phones
screens cables discs tapes films posters papers maps notes stickers crayons brushes rulers erasers folders envelopes parcels baskets bags
crates barrels sacks buckets ladders tables desks benches stools shelves doors windows rooms houses cars trucks buses trains boats ships
planes kites drums flutes bells horns guitars violins cats dogs cows hens ducks goats sheep pigs horses rabbits mice birds owls geese frogs
fish snails bees ants spiders butterflies trees leaves branches roots bushes tulips daisies lilies pines acorns feathers bones pebbles rocks
logs sticks clouds stars planets dots lines circles squares cubes points goals games puzzles prizes medals badges flags tents boots skates
bikes wheels tyres magnets batteries robots rockets drones pumpkins olives dates walnuts almonds raisins pretzels waffles donuts candies
sausages steaks tacos dumplings noodles crackers chips pancakes peanuts turnips radishes cabbages leeks herbs vases mirrors combs soaps
sponges brooms mops rakes spades hammers saws drills axes chains locks hinges levers gears springs valves pumps dollars euros pages words
votes stories jokes poems visitors children students guests players workers tourists""".split()

TITLES = """Tea Rain Home Trip Notes Plan Garden Music Winter Letter Report Summer Dinner Ideas Dune Emma Dracula Ulysses Hamlet Macbeth
Persuasion Candide Faust Siddhartha Inferno Beowulf Odyssey Iliad Middlemarch Ivanhoe Kim Nostromo Rebecca Watership Solaris Neuromancer Holes
Hatchet Frankenstein Carrie Misery Contact Sphere Jaws Alien Rocky Psycho Vertigo Casablanca Amadeus Gandhi Titanic Avatar Matrix Gravity
Budget Invoice Memo Agenda Minutes Diary Recipe Poem Story Novel Essay Speech Lecture Course Lesson Exam Project Task Sprint Release Bugfix
Draft Sketch Portrait Landscape Sunset Sunrise Morning Evening Midnight Harvest Spring Autumn Ocean River Mountain Forest Desert Island
Journey Return Escape Chase Secret Mystery Shadow Mirror Window Bridge Tower Castle Village Market Harbour Station Airport Holiday Party
Wedding Birthday Concert Festival Parade Match League Final Record Album Single Chorus Sonata Symphony Opera Ballet Waltz Tango""".split()

OTHERS = """red green blue yellow black white brown orange purple grey pink cyan teal navy gold silver beige violet maroon olive lime
new old big small work home fun cheap fast slow art food sport travel urgent later draft final hot cold warm cool dry wet soft hard loud quiet
baker nurse pilot teacher farmer painter writer driver cook doctor lawyer judge tailor miner sailor singer dancer actor poet clerk
chess tennis singing hiking cooking reading sailing rowing boxing judo golf polo skiing surfing knitting fishing archery karate
Spain Peru Japan Kenya Norway Cuba Egypt Chile Canada Poland France Italy Ghana India Nepal Qatar Oman Malta Brazil Mexico Greece Turkey
cat dog horse cow duck goat mouse tiger bear owl fox wolf lion zebra koala panda eagle crow swan frog toad newt snake crab whale shark
apple pear plum lemon cherry melon grape banana mango kiwi fig date peach papaya guava lychee tea milk coffee juice water cocoa soda beer
Monday Tuesday Wednesday Thursday Friday Saturday Sunday ready lost sent late closed waiting pending failed passed broken fixed
German French Latin Greek Polish Hindi Dutch Arabic Korean Danish linux debian ubuntu fedora python swift rust java perl ruby lua bash""".split()

KEYS = """owner friend author user place from subject topic thing item job country animal pet fruit drink day status team language type group
category hobby brand maker sender receiver label kind role state region street district planet river food meal dish snack sport game film book
song band genre artist editor publisher school class course grade teacher student parent child brother sister uncle boss client customer
vendor shop store product model version platform system device host server domain path file folder branch tag priority project task ticket
event venue date time zone season month week material shape pattern texture style theme font mood weather wind sky terrain climate plant tree
flower bird breed species gem metal liquid gas fuel engine vehicle car bike boat plane train station airport hotel room bed desk chair lamp
note text message comment reason goal plan idea source target origin destination route nickname surname alias code key token secret phrase
motto slogan quote currency unit format mode stage phase method action reaction cause effect result winner loser captain coach member guest
""".split()

STARTS = "b c d f g h j k l m n p r s t v w z br ch cl cr dr fl fr gl gr kl kr pl pr qu sh sk sl sn sp st sw th tr tw".split()
MIDDLES = "a e i o u a e i o u ai ea ee oo ou".split()
ENDS = "b d g k l m n p r s t x nd nk rt st sh ck ll".split()


def made_up(rng, capital=False):
    """A word that can be pronounced and is none: "brilot", "tea", "snorf"."""
    word = "".join(rng.choice(STARTS) + rng.choice(MIDDLES) for _ in range(rng.choice([1, 1, 2, 2, 3])))
    if len(word) < 3 or rng.random() < 0.6:
        word += rng.choice(ENDS)
    return word[0].upper() + word[1:] if capital else word


def name(rng):
    return made_up(rng, True) if rng.random() < 0.25 else rng.choice(NAMES)


def names(rng, count):
    """Different names."""
    found = []
    while len(found) < count:
        found = list(dict.fromkeys(found + [name(rng)]))
    return found


def city(rng):
    return made_up(rng, True) if rng.random() < 0.25 else rng.choice(CITIES)


def thing(rng):
    """Things of a kind, in the plural; a kind that does not exist, or with what they are like, at times."""
    word = made_up(rng).rstrip("sxh") + "s" if rng.random() < 0.25 else rng.choice(THINGS)
    return word


def any_word(rng):
    """A word of any kind."""
    kind = rng.random()
    if kind < 0.35:
        return made_up(rng, rng.random() < 0.3)
    return rng.choice(rng.choice([NAMES, CITIES, THINGS, TITLES, OTHERS, KEYS]))
